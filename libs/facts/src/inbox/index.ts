export type { Fact, FactHandler, FactTransaction } from './fact-handler.js';
