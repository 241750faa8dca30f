export { isoInstant } from './iso-instant.js';
export { markReplayed } from './mark-replayed.js';
export { orProblem, problemOf } from './or-problem.js';
export { RawJson, toJson, type Reply } from './to-json.js';
