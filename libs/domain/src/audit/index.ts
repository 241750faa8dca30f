export {
  AUDIT_HASH_VERSION,
  auditChecksumOf,
  auditContentJson,
  auditRecordJson,
  BALANCE_CHANGED,
  type AuditContent,
  type AuditRecord,
  type StoredAuditRecord,
} from './audit-record.js';
export {
  AuditChainVerifier,
  chainAuditRecord,
  EMPTY_AUDIT_CHAIN,
  type AuditFault,
  type AuditHead,
  type ChainedAuditRecord,
  type KeptPersonalData,
} from './audit-chain.js';
export { personalDigestOf, type PersonalData } from './personal-digest.js';
