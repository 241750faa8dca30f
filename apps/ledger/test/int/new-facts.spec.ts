import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_THE_TIME_MS, useLedger } from '../support/use-ledger.js';

const TABLES = ['balance.accounts', 'balance.facts', 'balance.heads', 'ledger.entries'];
const ENTRY_5 = `account_id = 'alice' and sequence = 5`;
const FACT_OF_5 = `(bucket, sequence) = (select bucket, fact_sequence from ledger.entries where ${ENTRY_5})`;

/** What was done to entry 5 of alice before its fact was verified, and what must be said of it. */
const TAMPERINGS: readonly (readonly [string, string, bigint, RegExp])[] = [
  ['a changed amount', `update ledger.entries set amount = amount + 1 where ${ENTRY_5}`, 5n, /balance after/],
  [
    'a changed checksum',
    `update ledger.entries set checksum = sha256(checksum) where ${ENTRY_5}`,
    5n,
    /checksum/,
  ],
  [
    'a changed time',
    `update balance.facts set committed_at_ms = committed_at_ms + 1 where ${FACT_OF_5}`,
    5n,
    /checksum/,
  ],
  ['changed metadata', `update balance.facts set data = '{"a":1}' where ${FACT_OF_5}`, 5n, /checksum/],
  ['an unknown kind', `update balance.facts set kind = 99 where ${FACT_OF_5}`, 5n, /unknown kind 99/],
  ['a hash version', `update ledger.entries set hash_version = 2 where ${ENTRY_5}`, 5n, /hash version/],
  ['a deleted entry', `delete from ledger.entries where ${ENTRY_5}`, 5n, /entry 5 is missing/],
  ['a deleted fact', `delete from balance.facts where ${FACT_OF_5}`, 5n, /is missing/],
  [
    'a tail cut off',
    `delete from ledger.entries where account_id = 'alice' and sequence > 5`,
    6n,
    /missing from the end/,
  ],
  ['an account that is gone', `delete from balance.accounts where account_id = 'alice'`, 5n, /no account/],
];

describe('the verification of new facts', () => {
  const suite = useLedger();
  const verify = () => suite.another().verifyNewFacts.execute({ budgetMs: ALL_THE_TIME_MS });
  const open = () => suite.incidents.incidents.list({ isOpen: true, limit: 100 });
  const compare = () =>
    suite.another().continueReconciliation.execute({ mode: 'report', budgetMs: ALL_THE_TIME_MS, cycleMs: 0 });

  beforeAll(async () => {
    const { builder } = suite;
    for (let index = 0; index < 4; index += 1) builder.deposit('alice', 100n, { metadata: { index } });
    builder.open('carol');
    await builder.flush();
    for (const table of [...TABLES, 'ledger.verified_chains', 'ledger.verified_buckets']) {
      await suite.sql(`create table ${table}_early as table ${table}`);
    }
    builder.transfer({ from: 'alice', to: 'bob', amount: 30n });
    builder.transfer({ from: 'bob', to: 'alice', amount: 10n });
    builder.transfer({ from: 'alice', to: 'carol', amount: 5n });
    await builder.flush();
    for (const table of TABLES) await suite.sql(`create table ${table}_late as table ${table}`);
    builder.deposit('alice', 1n);
    builder.deposit('bob', 1n);
    await builder.flush();
    for (const table of TABLES) await suite.sql(`create table ${table}_later as table ${table}`);
  });

  /** The first four deposits are verified; what came after them is new. */
  beforeEach(async () => {
    await suite.sql('truncate ledger.incidents, ledger.verified_chains, ledger.verified_buckets');
    await restore('early');
    await verify();
    await restore('late');
  });

  it('verifies each fact once, and says how far it came', async () => {
    const before = await suite.ledger.newFacts.summary(Date.now());
    const verified = await verify();
    expect(verified).toMatchObject({ facts: before.factsUnverified, entries: 6n, findings: [] });
    expect(await verify()).toMatchObject({ facts: 0n, entries: 0n });
    const nowMs = Date.now();
    expect(await suite.ledger.newFacts.summary(nowMs)).toEqual({
      verifiedUpToMs: BigInt(nowMs),
      factsUnverified: 0n,
    });
  });

  it('shows up to when everything is verified while facts wait', async () => {
    const [first] = await suite.sql<{ at: bigint }>(
      `select min(committed_at_ms)::text as at from balance.facts as fact
       join ledger.verified_buckets using (bucket) where fact.sequence > fact_sequence`,
    );
    const { verifiedUpToMs } = await suite.ledger.newFacts.summary(Date.now());
    expect(verifiedUpToMs).toBe(BigInt(first?.at ?? 0) - 1n);
  });

  it('keeps where each chain was proven to end', async () => {
    await verify();
    const chains = await suite.sql(
      `select account.account_id from balance.accounts as account
       left join ledger.verified_chains as chain
         on (chain.bucket, chain.account_id, chain.sequence, chain.balance, chain.checksum)
          = (account.bucket, account.account_id, account.sequence, account.balance, account.checksum)
       where account.sequence > 0 and chain.bucket is null`,
    );
    expect(chains).toEqual([]);
  });

  it.each(TAMPERINGS)('finds %s', async (_, sql, sequence, reason) => {
    await suite.sql(sql);
    await verify();
    const found = (await open()).find(({ accountId }) => accountId === 'alice');
    expect(found).toMatchObject({ type: 'integrity_failure', foundBy: 'new_facts', sequence });
    expect(found?.reason).toMatch(reason);
  });

  it('finds a transaction whose part in another bucket is gone', async () => {
    await suite.sql(`delete from ledger.entries where account_id = 'carol'`);
    await suite.sql(
      `update balance.accounts set sequence = 0, balance = 0, checksum = '' where account_id = 'carol'`,
    );
    const { findings } = await verify();
    expect(findings.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/less than two|sum to zero/),
    ]);
  });

  it('finds a head that was set back, and verifies nothing until it is where it was', async () => {
    await verify();
    const bucket = suite.builder.bucketOf('alice');
    await suite.sql('update balance.heads set sequence = sequence - 1 where bucket = $1', [bucket]);
    await verify();
    expect(await open()).toMatchObject([{ bucket, reason: expect.stringMatching(/set back/) }]);
  });

  it('does not continue a chain that is wrong, and goes on with the others', async () => {
    await suite.sql(`update ledger.entries set amount = amount + 1 where ${ENTRY_5}`);
    await verify();
    await restore('later');
    const { findings } = await verify();
    expect(findings).toEqual([]);
    const chains = await suite.sql(
      `select account_id, sequence::int, restart_sequence::int as restart from ledger.verified_chains
       where account_id in ('alice', 'bob') order by account_id`,
    );
    expect(chains).toEqual([
      { account_id: 'alice', sequence: 4, restart: 4 },
      { account_id: 'bob', sequence: 3, restart: null },
    ]);
  });

  it('proves a chain again that was put right, and its incident is over', async () => {
    await suite.sql(`update ledger.entries set amount = amount + 1 where ${ENTRY_5}`);
    await verify();
    await compare();
    expect((await open()).length).toBeGreaterThan(0);
    await suite.sql(`update ledger.entries set amount = amount - 1 where ${ENTRY_5}`);
    await compare();
    const [chain] = await suite.sql(
      `select sequence::int, restart_sequence from ledger.verified_chains where account_id = 'alice'`,
    );
    expect(chain).toEqual({ sequence: 7, restart_sequence: null });
    const incidents = await suite.incidents.incidents.list({ accountId: 'alice', limit: 10 });
    expect(incidents).toMatchObject([{ resolution: expect.stringMatching(/proven again/) }]);
    await restore('later');
    expect(await verify()).toMatchObject({ entries: 4n, findings: [] });
  });

  it('is done by any number of processes, each fact once', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => verify()));
    expect(all.reduce((sum, { entries }) => sum + entries, 0n)).toBe(6n);
    expect(await open()).toEqual([]);
  });

  async function restore(when: 'early' | 'late' | 'later'): Promise<void> {
    for (const table of TABLES) {
      await suite.sql(`truncate ${table}; insert into ${table} select * from ${table}_${when}`);
    }
  }
});
