import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { Client } from 'pg';
import { startBalance, type BalanceStack } from '../support/balance-stack.js';
import type { Body, BodyOf } from '../support/model/model.types.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
const INT64_MAX = 9_223_372_036_854_775_807n;
const INT64_MIN = -9_223_372_036_854_775_808n;
const SCALES = Array.from({ length: 19 }, (_, scale) => scale);
// One bucket, so that all accounts of a currency share its system accounts.
const ENV = {
  BUCKETS: '1',
  // A currency of its own for each test that fills one.
  CURRENCIES: [
    ...SCALES.map((scale) => `S${scale}:${scale}`),
    ...[1, 2, 3, 4, 5].map((n) => `T${n}:0`),
  ].join(),
  LOG_LEVEL: 'warn',
};

let stack: BalanceStack;
let connection: Client;
let keys = 0;
let before: string;

// Before the hooks of the database: it goes last.
afterAll(async () => {
  await connection.end();
  await stack.stop();
});
const database = useDatabase();

beforeAll(async () => {
  stack = await startBalance(database.url, ENV);
  connection = new Client({ connectionString: database.url, connectionTimeoutMillis: 60_000 });
  await connection.connect();
});
beforeEach(async () => {
  before = await written();
});

describe('an amount over gRPC', () => {
  it.each([
    ['2^53 - 1', 'EA1', AMOUNT_MAX],
    ['1', 'EA2', 1n],
  ])('of %s is posted exactly', async (_, accountId, amount) => {
    const outcome = await execute(deposit(accountId, amount, 'EUR'));
    expect(outcome).toMatchObject({ $case: 'transaction', value: { amount } });
    expect(await balance(accountId)).toBe(amount);
    expect(await execute(withdraw(accountId, amount))).toMatchObject({ $case: 'transaction' });
    expect(await balance(accountId)).toBe(0n);
  });

  it.each([
    ['2^53', AMOUNT_MAX + 1n, 'AMOUNT_OUT_OF_RANGE'],
    ['2^53 + 1', AMOUNT_MAX + 2n, 'AMOUNT_OUT_OF_RANGE'],
    ['2^63 - 1', INT64_MAX, 'AMOUNT_OUT_OF_RANGE'],
    ['-2^63', INT64_MIN, 'AMOUNT_OUT_OF_RANGE'],
    ['-2^53', -AMOUNT_MAX - 1n, 'AMOUNT_OUT_OF_RANGE'],
    ['0', 0n, 'INVALID_AMOUNT'],
    ['-1', -1n, 'INVALID_AMOUNT'],
    ['-(2^53 - 1)', -AMOUNT_MAX, 'INVALID_AMOUNT'],
  ])('of %s is refused wherever it is given, and nothing is written', async (_, amount, code) => {
    const refusals = [
      deposit('edge', amount, ''),
      withdraw('edge', amount),
      transfer(['edge', 'other'], amount),
      { $case: 'reverse', value: { transactionId: 'x', amount, details: undefined } } as const,
      {
        $case: 'change',
        value: { accountId: 'edge', amount, changeType: 'deposit', details: undefined },
      } as const,
    ];
    for (const body of refusals) {
      expect(await execute(body)).toMatchObject({ $case: 'refusal', value: { code, field: 'amount' } });
    }
    expect(await written()).toBe(before);
  });

  it.each([
    ['2^53', AMOUNT_MAX + 1n, 'AMOUNT_OUT_OF_RANGE'],
    ['2^63 - 1', INT64_MAX, 'AMOUNT_OUT_OF_RANGE'],
    ['-1', -1n, 'INVALID_AMOUNT'],
  ])('of %s is refused as an initial balance and as a limit', async (_, amount, code) => {
    const opening = open('edge', { initialBalance: amount });
    expect(await execute(opening)).toMatchObject({
      $case: 'refusal',
      value: { code, field: 'initialBalance' },
    });
    for (const name of [
      'creditLimit',
      'minimumHold',
      'maxBalance',
      'warningThreshold',
      'criticalThreshold',
    ]) {
      const limited = open('edge', { limits: { ...NO_LIMITS, [name]: amount } });
      expect(await execute(limited)).toMatchObject({ value: { code, field: `limits.${name}` } });
    }
    expect(await written()).toBe(before);
  });
});

describe('a balance', () => {
  it('reaches 2^53 - 1 and is not overflowed by one', async () => {
    await execute(deposit('full', AMOUNT_MAX - 1n, 'T1'));
    expect(await execute(deposit('full', 2n, 'T1'))).toMatchObject({
      value: { code: 'AMOUNT_OUT_OF_RANGE' },
    });
    await execute(deposit('full', 1n, 'T1'));
    expect(await balance('full')).toBe(AMOUNT_MAX);
    const full = await written();
    expect(await execute(deposit('full', 1n, ''))).toMatchObject({ value: { code: 'AMOUNT_OUT_OF_RANGE' } });
    expect(await written()).toBe(full);
  });

  it('reaches -(2^53 - 1) without a floor and is not underflowed by one', async () => {
    await execute(open('debtor', { currency: 'T2', limits: { ...NO_LIMITS, unlimitedCredit: true } }));
    await execute(withdraw('debtor', AMOUNT_MAX));
    expect(await balance('debtor')).toBe(-AMOUNT_MAX);
    expect(await execute(withdraw('debtor', 1n))).toMatchObject({ value: { code: 'AMOUNT_OUT_OF_RANGE' } });
    expect(await balance('debtor')).toBe(-AMOUNT_MAX);
  });

  it('spends a credit limit of 2^53 - 1 to the last unit', async () => {
    await execute(open('creditor', { currency: 'T3', limits: { ...NO_LIMITS, creditLimit: AMOUNT_MAX } }));
    expect(await execute(withdraw('creditor', AMOUNT_MAX))).toMatchObject({ $case: 'transaction' });
    expect(await execute(withdraw('creditor', 1n))).toMatchObject({ value: { code: 'AMOUNT_OUT_OF_RANGE' } });
  });

  it('of the outside world is not overflowed by one either', async () => {
    await execute(deposit('one', AMOUNT_MAX, 'T4'));
    const full = await written();
    expect(await execute(deposit('two', 1n, 'T4'))).toMatchObject({ value: { code: 'AMOUNT_OUT_OF_RANGE' } });
    expect(await execute(open('two', { currency: 'T4', initialBalance: 1n }))).toMatchObject({
      value: { code: 'AMOUNT_OUT_OF_RANGE' },
    });
    expect(await written()).toBe(full);
    await execute(withdraw('one', 1n));
    expect(await execute(deposit('two', 1n, 'T4'))).toMatchObject({ $case: 'transaction' });
  });

  it('is not overflowed by a transfer, and neither side moves', async () => {
    await execute(deposit('payee', AMOUNT_MAX, 'T5'));
    await execute(open('payer', { currency: 'T5', limits: { ...NO_LIMITS, creditLimit: 5n } }));
    expect(await execute(transfer(['payer', 'payee'], 1n))).toMatchObject({
      value: { code: 'AMOUNT_OUT_OF_RANGE' },
    });
    expect([await balance('payer'), await balance('payee')]).toEqual([0n, AMOUNT_MAX]);
  });
});

describe('currencies of scale 0 to 18', () => {
  it.each(SCALES)('scale %i: the smallest and the largest amount are exact', async (scale) => {
    const id = `scale-${scale}`;
    await execute(deposit(id, 1n, `S${scale}`));
    await execute(deposit(id, AMOUNT_MAX - 1n, `S${scale}`));
    expect(await balance(id)).toBe(AMOUNT_MAX);
    await execute(withdraw(id, AMOUNT_MAX));
    expect(await balance(id)).toBe(0n);
  });

  it.each([
    // One unit of scale 0 is 10^18 of scale 18: more than the range, so a rate below one is needed.
    ['S0', 'S18', 1n, '0.009', 9_000_000_000_000_000n],
    ['S18', 'S0', 9_000_000_000_000_000n, '1000', 9n],
    ['S18', 'S0', 8_999_999_999_999_999n, '1000', 8n],
    ['S2', 'S3', 1n, '1', 10n],
    ['S3', 'S2', 19n, '1', 1n],
    ['S2', 'EUR', AMOUNT_MAX, '1', AMOUNT_MAX],
    ['S0', 'JPY', 3n, '0.999999999999999999', 2n],
  ])('%s to %s: %p at %s gives %p, rounded down', async (from, to, amount, rate, expected) => {
    const [payer, payee] = [`c${(keys += 1)}-${from}`, `c${(keys += 1)}-${to}`];
    const funds = { ...NO_LIMITS, unlimitedCredit: true };
    await execute(open(payer, { currency: from, limits: funds }));
    await execute(open(payee, { currency: to }));
    const outcome = await execute(transfer([payer, payee], amount, rate));
    expect(outcome).toMatchObject({ $case: 'transaction', value: { type: 'CONVERSION', amount } });
    expect([await balance(payer), await balance(payee)]).toEqual([-amount, expected]);
    const id = outcome?.$case === 'transaction' ? outcome.value.transactionId : '';
    // Back, so that the next case finds the @fx accounts empty.
    await execute({ $case: 'reverse', value: { transactionId: id, amount: undefined, details: undefined } });
    expect([await balance(payer), await balance(payee)]).toEqual([0n, 0n]);
  });

  it.each([
    ['S0', 'S18', 1n, '0.009007199254740992', 'AMOUNT_OUT_OF_RANGE'],
    ['S0', 'S18', AMOUNT_MAX, '999999999999999999', 'AMOUNT_OUT_OF_RANGE'],
    ['S18', 'S0', 1n, '1', 'INVALID_AMOUNT'],
  ])('%s to %s: %p at %s is refused', async (from, to, amount, rate, code) => {
    const [payer, payee] = [`c${(keys += 1)}-${from}`, `c${(keys += 1)}-${to}`];
    await execute(open(payer, { currency: from, limits: { ...NO_LIMITS, unlimitedCredit: true } }));
    await execute(open(payee, { currency: to }));
    const opened = await written();
    expect(await execute(transfer([payer, payee], amount, rate))).toMatchObject({
      value: { code, field: 'amount' },
    });
    expect(await written()).toBe(opened);
  });
});

const NO_LIMITS: balanceV1.Limits = {
  creditLimit: undefined,
  unlimitedCredit: false,
  minimumHold: undefined,
  maxBalance: undefined,
  unlimitedBalance: false,
  warningThreshold: undefined,
  criticalThreshold: undefined,
};

function deposit(accountId: string, amount: bigint, currency: string): Body {
  return { $case: 'deposit', value: { accountId, amount, currency, details: undefined } };
}

function withdraw(accountId: string, amount: bigint): Body {
  return { $case: 'withdraw', value: { accountId, amount, currency: '', details: undefined } };
}

function transfer([fromAccountId, toAccountId]: readonly [string, string], amount: bigint, rate = ''): Body {
  return {
    $case: 'transfer',
    value: { fromAccountId, toAccountId, amount, type: '', rate, details: undefined },
  };
}

function open(accountId: string, { currency = '', ...over }: Partial<BodyOf<'openAccount'>>): Body {
  const nobody = { tier: undefined, holderId: undefined, limits: undefined, details: undefined };
  const value = { accountId, currency, initialBalance: 0n, ...nobody, ...over };
  return { $case: 'openAccount', value };
}

/** Executes one command under a key of its own. */
async function execute(body: Body): Promise<balanceV1.Outcome['result']> {
  const [outcome] = await stack.execute([
    { idempotencyKey: `k${(keys += 1)}`, atomicGroup: 0, dryRun: false, body },
  ]);
  return outcome?.result;
}

async function balance(accountId: string): Promise<bigint | undefined> {
  return (await stack.accounts([accountId])).get(accountId)?.balance;
}

/** Everything that money is, as one text: rows written by a refused command would change it. */
async function written(): Promise<string> {
  const { rows } = await connection.query<{ state: string }>(
    `select concat_ws(' ', (select count(*) from ledger.entries), (select count(*) from balance.facts),
            (select count(*) from balance.accounts), (select sum(balance) from balance.accounts),
            (select sum(version) from balance.accounts), (select sum(sequence) from balance.heads)) as state`,
  );
  return rows[0]?.state ?? '';
}
