import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { granted } from '../support/granted.js';
import { useLedger } from '../support/use-ledger.js';

const TABLES = ['balance.accounts', 'balance.facts', 'balance.heads', 'ledger.entries'];

/** One way to falsify the ledger, and where verification must point. `alice` has entries 1 to 6. */
interface Tampering {
  readonly what: string;
  readonly sql: string;
  readonly account?: string;
  readonly sequence: bigint;
  readonly reason: RegExp;
}

const FACT_OF_3 = `(select fact_sequence from ledger.entries where account_id = 'alice' and sequence = 3)`;
const HOME_OF_3 = `bucket = (select bucket from ledger.entries where account_id = 'alice' limit 1) and sequence = ${FACT_OF_3}`;
const ENTRY_3 = `account_id = 'alice' and sequence = 3`;

const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'a changed amount',
    sql: `update ledger.entries set amount = amount + 1 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /balance after/,
  },
  {
    what: 'a changed balance after',
    sql: `update ledger.entries set balance_after = balance_after + 1 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /balance after/,
  },
  {
    what: 'amount and balance after changed together',
    sql: `update ledger.entries set amount = amount + 1, balance_after = balance_after + 1 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'a changed checksum',
    sql: `update ledger.entries set checksum = sha256(checksum) where ${ENTRY_3}`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'changed metadata',
    sql: `update balance.facts set data = '{"reason":"forged"}' where ${HOME_OF_3}`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'a changed commit time',
    sql: `update balance.facts set committed_at_ms = committed_at_ms + 1 where ${HOME_OF_3}`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'a changed type',
    sql: `update balance.facts set kind = 10 where ${HOME_OF_3}`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'an unknown type',
    sql: `update balance.facts set kind = 99 where ${HOME_OF_3}`,
    sequence: 3n,
    reason: /unknown kind 99/,
  },
  {
    what: 'a changed hash version',
    sql: `update ledger.entries set hash_version = 2 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /hash version 2/,
  },
  {
    what: 'a changed ordinal',
    sql: `update ledger.entries set ordinal = 7 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'a deleted entry',
    sql: `delete from ledger.entries where ${ENTRY_3}`,
    sequence: 3n,
    reason: /entry 3 is missing/,
  },
  {
    what: 'swapped entries',
    sql: `update ledger.entries set sequence = sequence + 100 where account_id = 'alice' and sequence in (3, 4);
          update ledger.entries set sequence = 107 - sequence where account_id = 'alice' and sequence > 100`,
    sequence: 3n,
    reason: /balance after|checksum/,
  },
  {
    what: 'an inserted entry',
    sql: `update ledger.entries set sequence = sequence + 100 where account_id = 'alice' and sequence > 2;
          update ledger.entries set sequence = sequence - 99 where account_id = 'alice' and sequence > 100;
          insert into ledger.entries
          select 3, 5, balance_after + 5, fact_sequence, bucket, ordinal, hash_version, account_id, checksum
          from ledger.entries where account_id = 'alice' and sequence = 2`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'an entry added at the end',
    sql: `insert into ledger.entries
          select 7, 5, balance_after + 5, fact_sequence, bucket, ordinal, hash_version, account_id, checksum
          from ledger.entries where account_id = 'alice' and sequence = 6`,
    sequence: 7n,
    reason: /more entries than the account says/,
  },
  {
    what: 'an entry before the first',
    sql: `insert into ledger.entries
          select 0, 5, 5, fact_sequence, bucket, ordinal, hash_version, account_id, checksum
          from ledger.entries where account_id = 'alice' and sequence = 6`,
    sequence: 0n,
    reason: /before the first/,
  },
  {
    what: 'a tail that was cut off',
    sql: `delete from ledger.entries where account_id = 'alice' and sequence > 4`,
    sequence: 5n,
    reason: /entry 5 is missing from the end/,
  },
  {
    what: 'a chain that was deleted',
    sql: `delete from ledger.entries where account_id = 'alice'`,
    sequence: 1n,
    reason: /entry 1 is missing/,
  },
  {
    what: 'a deleted fact',
    sql: `delete from balance.facts where ${HOME_OF_3}`,
    sequence: 3n,
    reason: /fact \d+ of the entry is missing/,
  },
  {
    what: 'an entry moved to another fact',
    sql: `update ledger.entries set fact_sequence = fact_sequence - 1 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /checksum/,
  },
  {
    what: 'an entry moved to a fact that there is not',
    sql: `update ledger.entries set fact_sequence = 1000 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /fact 1000 of the entry is missing/,
  },
  {
    what: 'an entry moved before the first fact',
    sql: `update ledger.entries set fact_sequence = 0 where ${ENTRY_3}`,
    sequence: 3n,
    reason: /fact 0 of the entry is missing/,
  },
  {
    what: 'an account set back to an earlier entry',
    sql: `update balance.accounts as account
          set sequence = 4, balance = entry.balance_after, checksum = entry.checksum
          from ledger.entries as entry
          where account.account_id = 'alice' and entry.account_id = 'alice' and entry.sequence = 4`,
    sequence: 5n,
    reason: /more entries than the account says/,
  },
  {
    what: 'a changed balance of the account',
    sql: `update balance.accounts set balance = balance + 1 where account_id = 'alice'`,
    sequence: 6n,
    reason: /another balance/,
  },
  {
    what: 'a changed last checksum of the account',
    sql: `update balance.accounts set checksum = sha256(checksum) where account_id = 'alice'`,
    sequence: 6n,
    reason: /another last checksum/,
  },
  {
    what: 'a deleted account',
    sql: `delete from balance.accounts where account_id = 'alice'`,
    sequence: 1n,
    reason: /belongs to no account/,
  },
  {
    what: 'a renamed account',
    sql: `update balance.accounts set account_id = 'mallory' where account_id = 'alice'`,
    sequence: 1n,
    reason: /belongs to no account/,
  },
  {
    what: 'entries renamed with their account',
    sql: `update balance.accounts set account_id = 'mallory' where account_id = 'alice';
          update ledger.entries set account_id = 'mallory' where account_id = 'alice'`,
    account: 'mallory',
    sequence: 1n,
    reason: /checksum/,
  },
];

describe('a falsified ledger', () => {
  const suite = useLedger();

  beforeAll(async () => {
    const { builder } = suite;
    builder.deposit('alice', 1_000n, { metadata: { reason: 'salary' } });
    builder.deposit('bob', 500n);
    builder.transfer(
      { from: 'alice', to: 'bob', amount: 100n },
      { metadata: { note: 'příští týden', nested: { b: 1, a: [] } } },
    );
    builder.deposit('alice', 50n, { type: 'BONUS' });
    builder.transfer({ from: 'bob', to: 'alice', amount: 70n });
    builder.open('carol');
    builder.deposit('alice', -20n);
    builder.transfer({ from: 'alice', to: 'carol', amount: 1n });
    await builder.flush();
    for (const table of TABLES) await suite.sql(`create table ${table}_kept as table ${table}`);
  });

  beforeEach(async () => {
    for (const table of TABLES) {
      await suite.sql(`truncate ${table}; insert into ${table} select * from ${table}_kept`);
    }
  });

  it('is valid before anything is changed', async () => {
    const { verification } = await granted(suite.ledger.verifyAccount.execute({ accountId: 'alice' }));
    expect(verification).toEqual({
      accountId: 'alice',
      bucket: suite.builder.bucketOf('alice'),
      valid: true,
      entriesChecked: 6n,
      reason: '',
    });
    expect(await walkAll()).toEqual({ failures: [], accounts: 5, entries: 14n });
  });

  it.each(TAMPERINGS)('shows $what in the walk over all accounts', async (tampering) => {
    await suite.sql(tampering.sql);
    const { failures } = await walkAll();
    const accountId = tampering.account ?? 'alice';
    const found = failures.find((failure) => failure.accountId === accountId);
    expect(found).toMatchObject({ valid: false, firstInvalidEntry: { sequence: tampering.sequence } });
    expect(found?.reason).toMatch(tampering.reason);
  });

  it.each(TAMPERINGS.filter(({ account }) => account === undefined))(
    'shows $what when the account is verified',
    async (tampering) => {
      await suite.sql(tampering.sql);
      const { verification } = await granted(suite.ledger.verifyAccount.execute({ accountId: 'alice' }));
      expect(verification).toMatchObject({
        accountId: 'alice',
        valid: false,
        firstInvalidEntry: { sequence: tampering.sequence },
      });
      expect(verification?.reason).toMatch(tampering.reason);
    },
  );

  it('shows an entry of a transaction of two buckets whose link to its home was moved', async () => {
    await suite.sql(
      `update balance.facts set home_sequence = home_sequence + 1 where home_bucket is not null`,
    );
    const { failures } = await walkAll();
    expect(failures.map(({ reason }) => reason)).toContain('checksum does not match the entry');
  });

  it('shows transactions that were removed with right chains', async () => {
    // The last transaction (alice 6, carol 1), with both chains and accounts set back as if it had never been.
    await suite.sql(`
      delete from ledger.entries where (account_id, sequence) in (('alice', 6), ('carol', 1));
      update balance.accounts as account set sequence = 5, balance = entry.balance_after, checksum = entry.checksum
      from ledger.entries as entry
      where account.account_id = 'alice' and entry.account_id = 'alice' and entry.sequence = 5;
      update balance.accounts set sequence = 0, balance = 0, checksum = '' where account_id = 'carol'`);
    const { failures } = await walkAll();
    expect(failures.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/is a transaction with less than two entries/),
    ]);
  });

  it('shows a fact without entries that was removed', async () => {
    await suite.sql('delete from balance.facts where kind = 101');
    const { failures } = await walkAll();
    expect(failures.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/fact \d+ of bucket \d is missing/),
    ]);
  });

  it('shows a fact beyond the head of its bucket', async () => {
    await suite.sql(`insert into balance.facts (sequence, committed_at_ms, bucket, kind, data)
                     select sequence + 5, committed_at_ms, bucket, 101, '{}' from balance.heads where bucket = 1`);
    const { failures } = await walkAll();
    expect(failures).toMatchObject([{ bucket: 1, reason: expect.stringMatching(/beyond the last one/) }]);
  });

  it('shows a transaction that does not sum to zero although every chain is right', async () => {
    suite.builder.post([{ account: 'dave', amount: 5n }]);
    suite.builder.post([
      { account: 'dave', amount: 5n },
      { account: '@world/CZK', amount: -4n },
    ]);
    await suite.builder.flush();
    const { failures } = await walkAll();
    expect(failures.map(({ accountId, reason }) => [accountId, reason.replace(/^.*\) /, '')])).toEqual([
      ['dave', 'is a transaction with less than two entries'],
      ['dave', 'is a transaction whose entries do not sum to zero'],
    ]);
  });

  async function walkAll() {
    const failures = [];
    let accounts = 0;
    let entries = 0n;
    let cursor = '';
    do {
      const step = await granted(suite.ledger.verifyAccounts.execute({ cursor, limit: 2 }));
      failures.push(...step.failures);
      accounts += step.accountsChecked;
      entries += step.entriesChecked;
      cursor = step.nextCursor;
    } while (cursor !== '');
    return { failures, accounts, entries };
  }
});
