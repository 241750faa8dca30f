export { FactConsumer, type ConsumerSettings } from './fact-consumer.js';
export { factEnv, type FactConfig } from './fact-env.js';
