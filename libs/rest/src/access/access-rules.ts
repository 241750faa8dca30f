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
  },
  readHolder: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'accounts:read',
    self: 'read',
    subject: 'holder',
  },
  readTransaction: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'accounts:read',
    self: 'read',
    subject: 'body',
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
  },
  // A table pays whom it likes, so only the game itself and operators move its chips.
  playTable: { roles: ['operator', 'service'], scope: 'accounts:write' },
  readTable: { roles: ['operator', 'auditor', 'service'], scope: 'accounts:read' },
  setTablePolicy: { roles: ['operator', 'service'] },
  changeBalance: { roles: ['operator', 'service'], scope: 'accounts:write' },
  validateChange: { roles: ['operator', 'auditor', 'service'], scope: 'accounts:read' },
  administerAccount: { roles: ['operator'] },
  reverse: { roles: ['operator'] },
  verifyAccount: {
    roles: ['operator', 'auditor', 'service'],
    scope: 'ledger:read',
    self: 'read',
    subject: 'account',
  },
  readLedgerStatus: { roles: ['operator', 'auditor', 'service'], scope: 'ledger:read' },
  verifyLedger: { roles: ['operator', 'auditor'] },
  manageApiKeys: { roles: ['operator'] },
} as const satisfies Record<string, AccessRule>;
