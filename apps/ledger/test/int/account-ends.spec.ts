import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_THE_TIME_MS, useLedger } from '../support/use-ledger.js';

const TABLES = [
  'balance.accounts',
  'balance.facts',
  'balance.heads',
  'ledger.entries',
  'ledger.verified_chains',
  'ledger.verified_buckets',
];

/** A round over all accounts that only reports, each piece by another process. */
describe('the comparison of all accounts', () => {
  const suite = useLedger();
  const compare = (budgetMs = ALL_THE_TIME_MS, cycleMs = 0) =>
    suite.another().continueReconciliation.execute({ mode: 'report', budgetMs, cycleMs });
  const accounts = async () => (await suite.sql('select from balance.accounts')).length;
  const open = async () =>
    (await suite.incidents.incidents.list({ isOpen: true, limit: 100 })).map((incident) => ({
      type: incident.type,
      accountId: incident.accountId,
      sequence: incident.sequence,
    }));

  beforeAll(async () => {
    const { builder } = suite;
    for (let index = 0; index < 6; index += 1) builder.deposit('alice', 100n, { metadata: { index } });
    for (let index = 0; index < 20; index += 1) builder.open(`idle-${index}`);
    builder.transfer({ from: 'alice', to: 'bob', amount: 30n });
    await builder.flush();
    await suite.another().verifyNewFacts.execute({ budgetMs: ALL_THE_TIME_MS });
    for (const table of TABLES) await suite.sql(`create table ${table}_kept as table ${table}`);
  });

  beforeEach(async () => {
    await suite.sql('truncate ledger.incidents, ledger.reconciliation_walk');
    for (const table of TABLES) {
      await suite.sql(`truncate ${table}; insert into ${table} select * from ${table}_kept`);
    }
  });

  it('looks at every account once a cycle and finds nothing wrong in a right ledger', async () => {
    const hourly = () => compare(ALL_THE_TIME_MS, 3_600_000);
    expect(await hourly()).toMatchObject({ accountsChecked: await accounts(), drifted: 0 });
    expect(await hourly()).toMatchObject({ accountsChecked: 0 });
    expect(await open()).toEqual([]);
  });

  it('goes on where it was when its time was up', async () => {
    const pieces = [];
    while (pieces.at(-1)?.isRoundComplete !== true && pieces.length < 1_000) pieces.push(await compare(0));
    expect(pieces.reduce((sum, { accountsChecked }) => sum + accountsChecked, 0)).toBe(await accounts());
    expect(pieces.length).toBeGreaterThan(2);
  });

  it('finds a balance that was changed by hand, with what was expected and found', async () => {
    await suite.sql(`update balance.accounts set balance = balance + 7 where account_id = 'alice'`);
    await compare();
    const [incident] = await suite.incidents.incidents.list({ isOpen: true, limit: 10 });
    expect(incident).toMatchObject({ type: 'drift', accountId: 'alice', foundBy: 'reconciliation' });
    expect(JSON.parse(incident?.expectedJson ?? '')).toMatchObject({
      balance: '570',
      held: '0',
      sequence: '7',
    });
    expect(JSON.parse(incident?.foundJson ?? '')).toMatchObject({ balance: '577', sequence: '7' });
  });

  it('closes a drift that is over', async () => {
    await suite.sql(`update balance.accounts set balance = balance + 7 where account_id = 'alice'`);
    await compare();
    await suite.sql(`update balance.accounts set balance = balance - 7 where account_id = 'alice'`);
    await compare();
    expect(await open()).toEqual([]);
  });

  it.each([
    [
      'an account set back',
      `update balance.accounts set sequence = 4, balance = 400 where account_id = 'alice'`,
    ],
    [
      'a checksum of the account',
      `update balance.accounts set checksum = sha256(checksum) where account_id = 'alice'`,
    ],
    [
      'an account that counts more entries than there are',
      `update balance.accounts set sequence = 8 where account_id = 'alice'`,
    ],
    ['a hold without a reservation', `update balance.accounts set held = 5 where account_id = 'alice'`],
  ])('finds %s as drift: its entries are right', async (_, sql) => {
    await suite.sql(sql);
    await compare();
    expect(await open()).toEqual([{ type: 'drift', accountId: 'alice', sequence: 0n }]);
  });

  it.each([
    ['a tail cut off', `delete from ledger.entries where account_id = 'alice' and sequence > 4`, 5n],
    [
      'a tail cut off with the account set back',
      `delete from ledger.entries where account_id = 'alice' and sequence > 4;
       update balance.accounts as account set sequence = 4, balance = entry.balance_after, checksum = entry.checksum
       from ledger.entries as entry
       where account.account_id = 'alice' and entry.account_id = 'alice' and entry.sequence = 4`,
      5n,
    ],
    [
      'an entry added at the end',
      `insert into ledger.entries
       select 8, 5, balance_after + 5, fact_sequence, bucket, ordinal, hash_version, account_id, checksum
       from ledger.entries where account_id = 'alice' and sequence = 7`,
      8n,
    ],
    [
      'the last entry changed with its account',
      `update ledger.entries set balance_after = balance_after + 5, amount = amount + 5
       where account_id = 'alice' and sequence = 7;
       update balance.accounts set balance = balance + 5 where account_id = 'alice'`,
      7n,
    ],
    [
      'a last entry whose checksum was changed, at the first bad entry',
      `update ledger.entries set checksum = sha256(checksum), amount = amount + 1
       where account_id = 'alice' and sequence in (3, 7)`,
      3n,
    ],
  ])('finds %s', async (_, sql, sequence) => {
    await suite.sql(sql);
    await compare();
    expect(await open()).toContainEqual({ type: 'integrity_failure', accountId: 'alice', sequence });
  });

  it('is done by one process at a time', async () => {
    const all = await Promise.all(Array.from({ length: 3 }, () => compare(ALL_THE_TIME_MS, 3_600_000)));
    expect(all.reduce((sum, { accountsChecked }) => sum + accountsChecked, 0)).toBe(await accounts());
  });
});
