import { GENESIS } from '../ledger-chain/index.js';
import type { Account } from './account.js';
import { isSystemAccountId } from './account-id.js';

/** What is chosen when an account is opened; the rest follows. */
export type AccountProfile = Pick<Account, 'bucket' | 'accountId' | 'currency'> & Partial<Account>;

/**
 * A new, empty account. Without other limits: no credit, no minimum hold, no ceiling. A system account has no
 * floor either: what goes out of it is what came in from elsewhere.
 */
export function openedAccount(profile: AccountProfile, nowMs: number): Account {
  return {
    balance: 0n,
    held: 0n,
    nextExpiryAtMs: null,
    version: 1n,
    sequence: 0n,
    checksum: GENESIS,
    status: 'active',
    creditLimit: isSystemAccountId(profile.accountId) ? null : 0n,
    minimumHold: 0n,
    maxBalance: null,
    warningThreshold: null,
    criticalThreshold: null,
    tier: null,
    holderId: null,
    agentId: null,
    metadataJson: '{}',
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    ...profile,
  };
}
