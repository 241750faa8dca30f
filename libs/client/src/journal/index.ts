export type {
  Discrepancy,
  DiscrepancyReason,
  JournalledOperation,
  OnDiscrepancy,
} from './discrepancy-log.js';
export { JournalLockedError } from './directory-lock.js';
export { ReplayUnauthorizedError, type ReplayReport } from './journal-replayer.js';
export { openPermissive, type PermissiveJournal, type PermissiveSettings } from './permissive-journal.js';
