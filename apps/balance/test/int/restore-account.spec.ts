import { beforeEach, describe, expect, it } from '@jest/globals';
import { bucketOf } from '@steelyard/domain/accounts';
import { canonicalJson, GENESIS, isJsonObject } from '@steelyard/domain/ledger-chain';
import type { Command } from '@steelyard/domain/posting';
import { isRefusal } from '@steelyard/domain/result';
import { withSeed } from '@steelyard/testing/seed';
import type { QueryResultRow } from 'pg';
import type { ChainEnd } from '../../src/application/restore-account/account-restorer.port.js';
import { RestoreAccountRepository } from '../../src/infrastructure/postgres/restore-account.repository.js';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { testEngine, warmUp, type TestEngine } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

interface StoredRow {
  balance: bigint;
  held: bigint;
  sequence: bigint;
  version: bigint;
  is_free: boolean;
}

const NOTHING: ChainEnd = { sequence: 0n, balance: 0n, checksum: GENESIS };
const CLIENTS = 8;
const ROUNDS = 40;

describe('restoring an account', () => {
  const database = useBalanceDatabase();
  let id: (name: string) => string;
  let engine: TestEngine;
  let restorer: RestoreAccountRepository;

  beforeEach(() => {
    id = commands.accountIds();
    engine = testEngine(database.connections);
    restorer = new RestoreAccountRepository(database.connections.pool, Date.now);
  });

  const sql = async <Row extends QueryResultRow>(text: string, ...values: unknown[]) =>
    (await database.superuser.query<Row>(text, values)).rows;
  /** The first row, which must be there. */
  const one = async <Row extends QueryResultRow>(text: string, ...values: unknown[]): Promise<Row> => {
    const [row] = await sql<Row>(text, ...values);
    if (row === undefined) throw new Error('there is no such row');
    return row;
  };
  const execute = async (command: Command, on = engine) => {
    const [answer] = await on.execute(commands.submission(command, database.buckets));
    return answer?.outcome;
  };
  const bucket = (accountId: string): number => bucketOf(accountId, database.buckets);
  const restore = (accountId: string, proven = NOTHING) =>
    restorer.restore({
      accountId,
      bucket: bucket(accountId),
      proven,
      performedBy: 'operator "7"',
      reason: 'balances\tdiffer – é',
    });
  const rowOf = async (accountId: string) =>
    (
      await sql<StoredRow>(
        `select balance, held, sequence, version, next_expiry_at_ms is null as is_free from balance.accounts
         where account_id = $1`,
        accountId,
      )
    )[0];
  const balanceOf = async (accountId: string): Promise<bigint> => (await rowOf(accountId))?.balance ?? -1n;
  const drift = (accountId: string, change: string) =>
    sql(`update balance.accounts set ${change} where account_id = $1`, accountId);

  it('puts back balance, held, sequence and expiry, as a new version', async () => {
    const alice = id('alice');
    await execute(commands.deposit(alice, 100n));
    await execute(commands.reserve(alice, 30n));
    const before = await rowOf(alice);
    await drift(alice, 'balance = 900, held = 0, next_expiry_at_ms = null, sequence = 5');
    expect(await restore(alice)).toMatchObject({
      kind: 'restored',
      factId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      found: { balance: 900n, held: 0n, sequence: 5n },
      expected: { balance: 100n, held: 30n, sequence: 1n },
    });
    expect(await rowOf(alice)).toEqual({ ...before, version: (before?.version ?? 0n) + 1n });
    expect(await faultsOf(database.superuser)).toEqual([]);
  });

  it('commits the fact with what was found, in canonical form, and moves the head by it', async () => {
    const alice = id('alice');
    await execute(commands.deposit(alice, 100n));
    await drift(alice, 'balance = balance + 7');
    await restore(alice);
    const fact = await one<{ kind: number; data: string; is_head: boolean }>(
      `select fact.kind, fact.data, head.sequence = fact.sequence as is_head from balance.facts as fact
       join balance.heads as head using (bucket) where bucket = $1 order by fact.sequence desc limit 1`,
      bucket(alice),
    );
    const data: unknown = JSON.parse(fact.data);
    if (!isJsonObject(data)) throw new Error('the fact has no data');
    expect(fact).toEqual({ kind: 104, is_head: true, data: canonicalJson(data) });
    expect(data).toMatchObject({
      accountId: alice,
      found: { balance: '107', held: '0', sequence: '1' },
      expected: { balance: '100', held: '0', sequence: '1' },
      performedBy: 'operator "7"',
      reason: 'balances\tdiffer – é',
    });
  });

  it('does nothing when the row agrees', async () => {
    const alice = id('alice');
    await execute(commands.deposit(alice, 100n));
    const [head] = await sql('select * from balance.heads where bucket = $1', bucket(alice));
    expect(await restore(alice)).toMatchObject({ kind: 'restored', factId: undefined });
    expect(await sql('select * from balance.heads where bucket = $1', bucket(alice))).toEqual([head]);
  });

  it('takes up from where the caller has proven the chain', async () => {
    const alice = id('alice');
    await execute(commands.deposit(alice, 100n));
    await execute(commands.deposit(alice, 1n));
    const first = await one<ChainEnd & QueryResultRow>(
      `select sequence, balance_after as balance, encode(checksum, 'hex') as checksum from ledger.entries
       where account_id = $1 and sequence = 1`,
      alice,
    );
    await drift(alice, 'balance = 0');
    expect(await restore(alice, { ...first, checksum: 'ab'.repeat(32) })).toMatchObject({
      code: 'INTEGRITY_FAILURE',
    });
    expect(await restore(alice, first)).toMatchObject({ kind: 'restored', expected: { balance: 101n } });
  });

  it.each([
    [
      'an amount was changed',
      'update ledger.entries set amount = amount + 1 where account_id = $1 and sequence = 2',
    ],
    ['an entry was removed', 'delete from ledger.entries where account_id = $1 and sequence = 2'],
    ['the last entry was removed', 'delete from ledger.entries where account_id = $1 and sequence = 3'],
    [
      'the last entry was replaced',
      'update ledger.entries set checksum = sha256(checksum) where account_id = $1 and sequence = 3',
    ],
    ['the row is gone', 'delete from balance.accounts where account_id = $1'],
  ])('refuses when %s, and changes nothing', async (_what, falsify) => {
    const alice = id('alice');
    for (const amount of [10n, 20n, 30n]) await execute(commands.deposit(alice, amount));
    await drift(alice, 'balance = 7');
    const tables = ['balance.accounts', 'ledger.entries'];
    const kept = await Promise.all(
      tables.map((table) => sql(`select * from ${table} where account_id = $1`, alice)),
    );
    await sql(falsify, alice);
    const before = await rowOf(alice);
    expect(await restore(alice)).toMatchObject({ kind: 'not-restored', code: 'INTEGRITY_FAILURE' });
    expect(await rowOf(alice)).toEqual(before);
    for (const [i, table] of tables.entries()) {
      await sql(`delete from ${table} where account_id = $1`, alice);
      await sql(
        `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
        toJson(kept[i]),
      );
    }
    expect(await restore(alice)).toMatchObject({ kind: 'restored', expected: { balance: 60n } });
  });

  it('refuses what the account’s limits forbid, which must be put right first', async () => {
    const alice = id('alice');
    await execute(commands.open(alice, { limits: { creditLimit: 50n } }));
    await execute(commands.withdraw(alice, 40n));
    await drift(alice, 'balance = 0, credit_limit = 0');
    expect(await restore(alice)).toMatchObject({
      code: 'INTEGRITY_FAILURE',
      message: expect.stringMatching(/limits/),
    });
    await execute(commands.update(alice, { limits: { creditLimit: 50n } }), testEngine(database.connections));
    expect(await rowOf(alice)).toMatchObject({ balance: -40n });
  });

  it('does not know an account that never was', async () => {
    expect(await restore(id('nobody'))).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });

  describe('and posting', () => {
    it('decides on the restored state, whatever an engine remembered', async () => {
      const alice = id('alice');
      await execute(commands.deposit(alice, 100n));
      await warmUp(engine, () => commands.submission(commands.deposit(alice, 1n), database.buckets));
      const balance = await balanceOf(alice);
      await drift(alice, 'balance = balance + 1000');
      await restore(alice);
      const refused = await execute(commands.withdraw(alice, balance + 1n));
      expect(refused && isRefusal(refused) ? refused.code : refused?.kind).toBe('INSUFFICIENT_BALANCE');
      expect((await execute(commands.withdraw(alice, balance)))?.kind).toBe('transaction');
      expect(await faultsOf(database.superuser)).toEqual([]);
    });

    it('decides on the entries when the row has drifted and nobody has restored it yet', async () => {
      const alice = id('alice');
      await execute(commands.deposit(alice, 100n));
      await drift(alice, 'balance = 1100');
      const another = testEngine(database.connections);
      const refused = await execute(commands.withdraw(alice, 101n), another);
      expect(refused && isRefusal(refused) ? refused.code : refused?.kind).toBe('INSUFFICIENT_BALANCE');
      await execute(commands.deposit(alice, 1n), another);
      expect(await rowOf(alice)).toMatchObject({ balance: 101n, sequence: 2n });
      expect(await faultsOf(database.superuser)).toEqual([]);
    });

    it('stops on an account whose entries were removed, and on that alone', async () => {
      const [alice, bob] = [id('alice'), id('bob')];
      await execute(commands.deposit(alice, 100n));
      await sql(
        'create table removed as select * from ledger.entries where account_id = $1'.replace(
          '$1',
          `'${alice}'`,
        ),
      );
      await sql('delete from ledger.entries where account_id = $1', alice);
      const another = testEngine(database.connections);
      const submit = (command: Command) => another.execute(commands.submission(command, database.buckets));
      const both = await Promise.allSettled([
        submit(commands.deposit(alice, 1n)),
        submit(commands.deposit(bob, 1n)),
      ]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
      expect(another.observer.failures.map(({ name }) => name)).toEqual(['BrokenAccountError']);
      await sql('insert into ledger.entries select * from removed');
      await sql('drop table removed');
      expect((await execute(commands.deposit(alice, 1n), another))?.kind).toBe('transaction');
    });

    it('goes on under load while balances drift and are restored: nothing is lost, every chain holds', () =>
      withSeed(async (random) => {
        const accounts = Array.from({ length: 6 }, (_, i) => id(`load-${i}`));
        const engines = [engine, testEngine(await database.connect())];
        const expected = new Map<string, bigint>();
        const post = async (command: Command, effects: readonly (readonly [string, bigint])[]) => {
          const outcome = await execute(command, random.pick(engines));
          if (outcome?.kind !== 'transaction') return;
          for (const [account, amount] of effects)
            expected.set(account, (expected.get(account) ?? 0n) + amount);
        };
        for (const account of accounts) await post(commands.deposit(account, 500n), [[account, 500n]]);
        let isOver = false;
        let restored = 0;
        const vandal = async (): Promise<void> => {
          while (!isOver) {
            const account = random.pick(accounts);
            await drift(account, `balance = balance + ${random.integer(1, 400)}`);
            const result = await restore(random.pick(accounts));
            if (result.kind === 'restored' && result.factId !== undefined) restored += 1;
          }
        };
        const client = async (): Promise<void> => {
          for (let round = 0; round < ROUNDS || restored === 0; round++) {
            const [from, to] = [random.pick(accounts), random.pick(accounts)];
            const amount = BigInt(random.integer(1, 300));
            if (from === to) await post(commands.deposit(from, amount), [[from, amount]]);
            else
              await post(commands.transfer([from, to], amount), [
                [from, -amount],
                [to, amount],
              ]);
          }
        };
        const vandals = [vandal(), vandal()];
        await Promise.all(Array.from({ length: CLIENTS }, client));
        isOver = true;
        await Promise.all(vandals);
        for (const account of accounts) await restore(account);

        expect(restored).toBeGreaterThan(0);
        expect(await faultsOf(database.superuser)).toEqual([]);
        expect(await brokenChains()).toEqual([]);
        for (const account of accounts) {
          expect([account, await balanceOf(account)]).toEqual([account, expected.get(account)]);
          expect(await balanceOf(account)).toBeGreaterThanOrEqual(0n);
        }
      }));

    const brokenChains = () =>
      sql(`select account_id, sequence from (
             select account_id, sequence, balance_after, amount,
                    lag(balance_after, 1, 0::bigint) over (partition by bucket, account_id order by sequence) as before
             from ledger.entries
           ) as entry where balance_after <> before + amount`);
  });
});

/** Rows as jsonb_populate_recordset takes them. */
function toJson(rows: readonly object[] | undefined): string {
  return JSON.stringify(rows, (_, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (isStoredBuffer(value)) return `\\x${Buffer.from(value.data).toString('hex')}`;
    return value;
  });
}

/** A buffer's own toJSON has run before a replacer sees it. */
function isStoredBuffer(value: unknown): value is { readonly data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value
  );
}
