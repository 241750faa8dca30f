export type { AfterCommit, Fact, FactHandler, FactTransaction } from './fact-handler.js';
export type { FactDatabase, HandlerFailure, InboxOutcome, InboxSettings, Obstacle } from './inbox.types.js';
export { FactInbox } from './fact-inbox.js';
export { DeadLetters, type Redelivery } from './dead-letters.js';
export { createFactInbox, factInboxGrants } from './inbox-tables.sql.js';
