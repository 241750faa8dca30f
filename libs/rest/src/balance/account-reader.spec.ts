import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { OutageError } from '@steelyard/platform/outage';
import { AccountReader } from './account-reader.js';
import { BalancePort } from './balance.port.js';

const LIMITS = { countMax: 10, bytesMax: 10_000, inFlightMax: 1, waitingMax: 100, waitMaxMs: 1_000 };

/** Answers reads of accounts with one reply, and remembers what it was asked. */
class OneReply extends BalancePort {
  readonly asked: (readonly string[])[] = [];

  constructor(private readonly reply: Partial<balanceV1.GetAccountsResponse>) {
    super();
  }

  async execute(): Promise<never> {
    throw new Error('only reads are expected');
  }

  async getAccounts(accountIds: readonly string[]): Promise<balanceV1.GetAccountsResponse> {
    this.asked.push(accountIds);
    return {
      accounts: [],
      asOfMs: 5_000n,
      stale: false,
      ageMs: 0n,
      unreadAccountIds: [],
      accountsAsOfMs: [],
      ...this.reply,
    };
  }

  async getHolderAccounts(): Promise<never> {
    throw new Error('only reads of accounts are expected');
  }
}

const account = (accountId: string): balanceV1.Account => ({
  accountId,
  currency: 'CHIPS',
  balance: 100n,
  held: 0n,
  availableBalance: 100n,
  version: 1n,
  sequence: 1n,
  latestChecksum: 'c',
  status: 'active',
  tier: undefined,
  holderId: undefined,
  agentId: undefined,
  creditLimit: 0n,
  minimumHold: 0n,
  maxBalance: undefined,
  warningThreshold: undefined,
  criticalThreshold: undefined,
  metadataJson: '{}',
  createdAtMs: 1n,
  updatedAtMs: 1n,
});

describe('AccountReader', () => {
  it('reads what is asked for in one turn with one call, each account once', async () => {
    const balance = new OneReply({ accounts: [account('alice'), account('bob')] });
    const reader = new AccountReader(balance, LIMITS);
    const found = await Promise.all(['bob', 'alice', 'bob', 'nobody'].map((id) => reader.find(id)));
    expect(found.map((one) => one?.accountId)).toEqual(['bob', 'alice', 'bob', undefined]);
    expect(balance.asked).toEqual([['bob', 'alice', 'nobody']]);
  });

  it('says since when an account is known that cannot be read now', async () => {
    const stale = {
      accounts: [account('alice'), account('bob')],
      stale: true,
      accountsAsOfMs: [4_000n, 3_000n],
    };
    const reader = new AccountReader(new OneReply({ ...stale, asOfMs: 3_000n, ageMs: 2_000n }), LIMITS);
    expect(await reader.read('alice')).toMatchObject({ asOfMs: 4_000n, isStale: true });
    expect(await reader.read('bob')).toMatchObject({ asOfMs: 3_000n, isStale: true });
  });

  it('decides nothing on what may be out of date', async () => {
    const reader = new AccountReader(new OneReply({ accounts: [account('alice')], stale: true }), LIMITS);
    await expect(reader.find('alice')).rejects.toThrow(OutageError);
  });

  it('does not take an account that cannot be read for one that does not exist', async () => {
    const reader = new AccountReader(new OneReply({ stale: true, unreadAccountIds: ['carol'] }), LIMITS);
    await expect(reader.read('carol')).rejects.toThrow(OutageError);
  });
});
