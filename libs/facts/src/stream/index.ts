export { deploymentOf, factMessage, type FactMessage } from './fact-message.js';
export { FACT_STREAM, FACT_SUBJECT_PREFIX } from './names.js';
