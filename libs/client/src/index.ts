export {
  KNOWN_REFUSAL_CODES,
  SteelyardProtocolError,
  SteelyardUnavailableError,
  type Found,
  type Granted,
  type Journalled,
  type OutageReason,
  type ReadResult,
  type Refusal,
  type RefusalCode,
  type Refused,
  type Result,
} from './answers/index.js';
export {
  grpcTransport,
  restTransport,
  SteelyardClient,
  type AccountCalls,
  type BatchInput,
  type BatchItem,
  type OperationOptions,
  type ReservationCalls,
  type Steelyard,
  type SteelyardClientSettings,
  type TableCalls,
  type Transport,
} from './client/index.js';
export type { BatchingSettings, BatchMode, CallOptions } from './dispatch/index.js';
export type { ChannelSettings, TlsSettings } from './grpc/channel.js';
export {
  JournalLockedError,
  ReplayUnauthorizedError,
  type Discrepancy,
  type DiscrepancyReason,
  type JournalledOperation,
  type OnDiscrepancy,
  type PermissiveJournal,
  type PermissiveSettings,
  type ReplayReport,
} from './journal/index.js';
export { idempotencyKey, type KeyParts } from './keys/idempotency-key.js';
export {
  LegacyPathMissingError,
  legacyMovement,
  migratingClient,
  type Compare,
  type Difference,
  type LegacyContext,
  type LegacyMovement,
  type LegacyPath,
  type LegacyResult,
  type MigratingClient,
  type MigrationMode,
  type MigrationSettings,
  type Mismatch,
  type OnDifference,
  type PathOutcome,
  type ShadowSettings,
} from './migration/index.js';
export type * from './operations/index.js';
export type { CircuitSettings, CircuitState, ResilienceSettings } from './resilience/index.js';
export type { RestSettings } from './rest/http-caller.js';
