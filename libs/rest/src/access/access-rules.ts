import type { AccessRule } from './access-rule.js';

/**
 * Every decision of who may do what, in one place; each route names one of them. Operators may do everything,
 * auditors read everything, services (machines) read and move money but change no limits, states or history.
 */
export const ACCESS = {
  readAccount: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'accounts:read',
    self: 'read',
    subject: 'account',
    audit: { action: 'ACCOUNT_READ', about: 'account' },
  },
  readHolder: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'accounts:read',
    self: 'read',
    subject: 'holder',
    audit: { action: 'HOLDER_READ' },
  },
  readTransaction: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'accounts:read',
    self: 'read',
    subject: 'body',
    audit: { action: 'TRANSACTION_READ' },
  },
  openAccount: {
    roles: ['operator', 'service'],
    scope: 'accounts:write',
    self: 'create',
    subject: 'account',
  },
  deposit: { roles: ['operator', 'service'], scope: 'accounts:write', self: 'deposit', subject: 'account' },
  withdraw: { roles: ['operator', 'service'], scope: 'accounts:write', self: 'withdraw', subject: 'account' },
  transfer: { roles: ['operator', 'service'], scope: 'accounts:write', self: 'withdraw', subject: 'body' },
  // Each item is decided on its own, by the rule of what it does; this only lets callers in.
  batch: { roles: ['operator', 'service'], scope: 'accounts:write', self: 'read', subject: 'body' },
  reserve: { roles: ['operator', 'service'], scope: 'accounts:write', self: 'reserve', subject: 'account' },
  // Whose it is says the reservation itself.
  resolveReservation: {
    roles: ['operator', 'service'],
    scope: 'accounts:write',
    self: 'reserve',
    subject: 'body',
  },
  readReservation: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'accounts:read',
    self: 'read',
    subject: 'body',
    audit: { action: 'RESERVATION_READ' },
  },
  // A table pays whom it likes, so only the game itself and operators move its chips.
  playTable: { roles: ['operator', 'service'], scope: 'accounts:write' },
  readTable: { roles: ['operator', 'auditor', 'service'], scope: 'accounts:read' },
  setTablePolicy: { roles: ['operator', 'service'], audit: { action: 'TABLE_ADMINISTERED' } },
  changeBalance: { roles: ['operator', 'service'], scope: 'accounts:write' },
  validateChange: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'accounts:read',
    audit: { action: 'ACCOUNT_READ', about: 'account' },
  },
  administerAccount: {
    roles: ['operator'],
    audit: { action: 'ADMINISTRATION_REQUESTED', about: 'account' },
  },
  reverse: { roles: ['operator'], audit: { action: 'REVERSAL_REQUESTED' } },
  verifyAccount: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'ledger:read',
    self: 'read',
    subject: 'account',
    audit: { action: 'ACCOUNT_VERIFIED', about: 'account' },
  },
  readLedgerStatus: { roles: ['operator', 'auditor', 'service'], scope: 'ledger:read' },
  verifyLedger: { roles: ['operator', 'auditor'] },
  validateAccount: {
    roles: ['operator', 'auditor'],
    audit: { action: 'ACCOUNT_VALIDATED', about: 'account' },
  },
  // What is restored the ledger tells of itself.
  reconcile: { roles: ['operator'], audit: { action: 'RECONCILIATION_REQUESTED', about: 'account' } },
  readIncidents: { roles: ['operator', 'auditor'] },
  // Checkpoints and keys are made to be shown to everybody.
  readCheckpoints: { roles: ['operator', 'auditor', 'service'], scope: 'ledger:read', self: 'read' },
  // Whose it is says the entry itself.
  readEntryProof: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'ledger:read',
    self: 'read',
    subject: 'body',
    audit: { action: 'ENTRY_READ' },
  },
  readAuditTrail: { roles: ['operator', 'auditor'], audit: { action: 'AUDIT_TRAIL_READ', about: 'account' } },
  verifyAuditTrail: { roles: ['operator', 'auditor'] },
  erasePersonalData: { roles: ['operator'], audit: { action: 'ERASURE_REQUESTED' } },
  readAlerts: { roles: ['operator', 'auditor'] },
  readSupply: { roles: ['operator', 'auditor'] },
  manageApiKeys: { roles: ['operator'] },
} as const satisfies Record<string, AccessRule>;
