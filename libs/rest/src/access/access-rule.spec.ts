import { describe, expect, it } from '@jest/globals';
import { decideAccess, type AccessRule } from './access-rule.js';
import { knownRoles, SELF_ACTIONS, type Caller, type Role, type Scope, type SelfAction } from './caller.js';
import { ACCESS } from './access-rules.js';

const DEFAULT_SELF_SERVICE = new Set<SelfAction>(['read', 'withdraw', 'reserve']);
const EVERYTHING = new Set<SelfAction>(SELF_ACTIONS);
const bearer = (...roles: Role[]): Caller => ({ kind: 'token', subject: 'alice', roles });
const key = (...scopes: Scope[]): Caller => ({ kind: 'apiKey', keyId: 'k', scopes });
const decide = (rule: AccessRule, caller: Caller, selfService = DEFAULT_SELF_SERVICE) =>
  decideAccess(rule, caller, selfService);

describe('decideAccess', () => {
  it.each(Object.entries(ACCESS))('lets an operator do everything: %s', (_name, rule) => {
    expect(decide(rule, bearer('operator'))).toBe('any');
  });

  it('lets an auditor read and verify, and nothing else', () => {
    const allowed = Object.entries(ACCESS).filter(([, rule]) => decide(rule, bearer('auditor')) === 'any');
    expect(allowed.map(([name]) => name)).toEqual([
      'readAccount',
      'readHolder',
      'readTransaction',
      'readReservation',
      'readTable',
      'validateChange',
      'verifyAccount',
      'readLedgerStatus',
      'verifyLedger',
      'validateAccount',
      'readIncidents',
      'readCheckpoints',
      'readEntryProof',
      'readAuditTrail',
      'verifyAuditTrail',
      'readAlerts',
      'readSupply',
    ]);
  });

  it('keeps limits, states, reversals and keys from services', () => {
    const refused = Object.entries(ACCESS).filter(
      ([, rule]) => decide(rule, bearer('service')) === 'refused',
    );
    expect(refused.map(([name]) => name)).toEqual([
      'administerAccount',
      'reverse',
      'verifyLedger',
      'validateAccount',
      'reconcile',
      'readIncidents',
      'readAuditTrail',
      'verifyAuditTrail',
      'erasePersonalData',
      'readAlerts',
      'readSupply',
      'manageApiKeys',
    ]);
  });

  it('lets callers without a role reach their own, by default without creating and depositing', () => {
    const own = Object.entries(ACCESS).filter(([, rule]) => decide(rule, bearer()) === 'own');
    expect(own.map(([name]) => name)).toEqual([
      'readAccount',
      'readHolder',
      'readTransaction',
      'withdraw',
      'transfer',
      'batch',
      'reserve',
      'resolveReservation',
      'readReservation',
      'verifyAccount',
      'readCheckpoints',
      'readEntryProof',
    ]);
  });

  it('lets them create and deposit when the deployment says so', () => {
    expect(decide(ACCESS.openAccount, bearer(), EVERYTHING)).toBe('own');
    expect(decide(ACCESS.deposit, bearer(), EVERYTHING)).toBe('own');
  });

  it('gives API keys what their scopes say', () => {
    expect(decide(ACCESS.readAccount, key('accounts:read'))).toBe('any');
    expect(decide(ACCESS.deposit, key('accounts:read'))).toBe('refused');
    expect(decide(ACCESS.deposit, key('accounts:write'))).toBe('any');
    expect(decide(ACCESS.verifyAccount, key('accounts:read', 'accounts:write'))).toBe('refused');
    expect(decide(ACCESS.manageApiKeys, key('accounts:read', 'accounts:write', 'ledger:read'))).toBe(
      'refused',
    );
  });

  it('does not know roles of somebody else', () => {
    expect(knownRoles(['admin', 'Operator', 'auditor'])).toEqual(['auditor']);
  });
});
