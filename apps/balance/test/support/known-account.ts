import type { Account } from '@steelyard/domain/accounts';

/** An account as a read or a commit gives it; `over` replaces members. */
export function accountNamed(accountId: string, over: Partial<Account> = {}): Account {
  return {
    bucket: 0,
    accountId,
    currency: 'CHIPS',
    balance: 100n,
    held: 0n,
    nextExpiryAtMs: null,
    version: 1n,
    sequence: 1n,
    checksum: 'c0ffee',
    status: 'active',
    creditLimit: 0n,
    minimumHold: 0n,
    maxBalance: null,
    warningThreshold: null,
    criticalThreshold: null,
    tier: null,
    holderId: null,
    agentId: null,
    metadataJson: '{}',
    createdAtMs: 1,
    updatedAtMs: 1,
    ...over,
  };
}
