export type { Compare, Difference, Mismatch, PathOutcome } from './difference.js';
export { legacyMovement, type LegacyMovement } from './legacy-movement.js';
export {
  LegacyPathMissingError,
  type LegacyContext,
  type LegacyPath,
  type LegacyResult,
} from './legacy-path.js';
export {
  migratingClient,
  type MigratingClient,
  type MigrationMode,
  type MigrationSettings,
} from './migrating-client.js';
export type { OnDifference, ShadowSettings } from './shadow-executor.js';
