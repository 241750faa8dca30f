import { sqlMigration } from '@steelyard/platform/postgres';
import { CREATE_VERIFICATION, VERIFICATION_GRANTS } from './0001-verification.sql.js';
import { CREATE_FACT_INBOX, FACT_INBOX_GRANTS } from './0002-fact-inbox.sql.js';
import { CREATE_INCIDENTS, INCIDENT_GRANTS } from './0003-incidents.sql.js';
import { CREATE_VERIFIED_CHAINS, VERIFIED_CHAINS_GRANTS } from './0004-verified-chains.sql.js';
import { CREATE_SEALING, SEALING_GRANTS } from './0005-sealing.sql.js';
import { AUDIT_GRANTS, CREATE_AUDIT } from './0006-audit.sql.js';
import { CREATE_EFFECTIVE_TIMES, EFFECTIVE_TIMES_GRANTS } from './0007-effective-times.sql.js';
import { CREATE_RECONCILIATION, RECONCILIATION_GRANTS } from './0008-reconciliation.sql.js';
import { AUDIT_VERIFICATION_GRANTS, CREATE_AUDIT_VERIFICATION } from './0009-audit-verification.sql.js';

/** All migrations of the ledger's own tables, in order; forward only. The entries belong to the balance app. */
export const LEDGER_MIGRATIONS = [
  sqlMigration(1, 'Verification', CREATE_VERIFICATION),
  sqlMigration(2, 'FactInbox', CREATE_FACT_INBOX),
  sqlMigration(3, 'Incidents', CREATE_INCIDENTS),
  sqlMigration(4, 'VerifiedChains', CREATE_VERIFIED_CHAINS),
  sqlMigration(5, 'Sealing', CREATE_SEALING),
  sqlMigration(6, 'Audit', CREATE_AUDIT),
  sqlMigration(7, 'EffectiveTimes', CREATE_EFFECTIVE_TIMES),
  sqlMigration(8, 'Reconciliation', CREATE_RECONCILIATION),
  sqlMigration(9, 'AuditVerification', CREATE_AUDIT_VERIFICATION),
];

/** What the app's role may do. It reads what the balance app wrote, and changes its own tables alone. */
export const LEDGER_GRANTS = [
  'usage on schema ledger',
  ...VERIFICATION_GRANTS,
  ...FACT_INBOX_GRANTS,
  ...INCIDENT_GRANTS,
  ...VERIFIED_CHAINS_GRANTS,
  ...SEALING_GRANTS,
  ...AUDIT_GRANTS,
  ...EFFECTIVE_TIMES_GRANTS,
  ...RECONCILIATION_GRANTS,
  ...AUDIT_VERIFICATION_GRANTS,
];
