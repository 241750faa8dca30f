import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { replayHint, seededRandom } from '@steelyard/testing/seed';
import { Client, escapeIdentifier } from 'pg';
import { startClockedBalance, type ClockedBalanceStack } from '../support/balance-stack.js';
import { AgreementRun, type Disagreement } from '../support/model/agreement-run.js';
import { OperationSource } from '../support/model/operation-source.js';
import type { Operation } from '../support/model/operations.js';
import { SCALES } from '../support/model/random-bodies.js';
import { shrink } from '../support/model/shrink.js';

/** In CI; a million by MODEL_OPERATIONS=1000000. */
const OPERATIONS_DEFAULT = 100_000;
const OPERATIONS = Number.parseInt(process.env['MODEL_OPERATIONS'] ?? `${OPERATIONS_DEFAULT}`, 10);
const ACCOUNTS = 200;
const BUCKETS = 16;
/** Whoever looks at an account writes down what has expired on it: nobody else shall do it here. */
const NO_SWEEPER = { RESERVATION_SWEEP_INTERVAL_MS: '0' };
/** Of holds that do not say: as the model has it. */
const HOLDS = { RESERVATION_TIMEOUT_MS: '30000' };
/** Longer than the clock of the longest run moves: keys are never forgotten. */
const KEYS = { IDEMPOTENCY_TTL_MS: `${365 * 86_400_000}` };
const RAKE = { basisPoints: 650n, capChips: 5n, minPotChips: 12n };
const RAKE_ENV = {
  RAKE_BASIS_POINTS: `${RAKE.basisPoints}`,
  RAKE_CAP_CHIPS: `${RAKE.capChips}`,
  RAKE_MIN_POT_CHIPS: `${RAKE.minPotChips}`,
};
const ENV = {
  BUCKETS: `${BUCKETS}`,
  CURRENCIES: 'WEI:18,BIG:0',
  LOG_LEVEL: 'warn',
  ...NO_SWEEPER,
  ...HOLDS,
  ...KEYS,
  ...RAKE_ENV,
};
/** Where the clock of every run stands at first. */
const START_MS = Date.UTC(2030, 0, 31, 12);
const DEPLOYMENT = { scales: SCALES, buckets: BUCKETS, rake: RAKE };
/** A thousand operations a second is far below what any machine does; shrinking comes on top. */
const TIMEOUT_MS = 600_000 + OPERATIONS;
const KINDS = [
  ...['transaction', 'account', 'replayed', 'ACCOUNT_CLOSED', 'ACCOUNT_FROZEN', 'ACCOUNT_NOT_EMPTY'],
  ...['ACCOUNT_NOT_FOUND', 'ALREADY_REVERSED', 'AMOUNT_OUT_OF_RANGE', 'ATOMIC_BATCH_REFUSED'],
  ...[
    'CURRENCY_MISMATCH',
    'IDEMPOTENCY_CONFLICT',
    'INSUFFICIENT_BALANCE',
    'INVALID_ACCOUNT_ID',
    'INVALID_AMOUNT',
  ],
  ...[
    'INVALID_CURRENCY',
    'INVALID_IDEMPOTENCY_KEY',
    'INVALID_METADATA',
    'INVALID_REQUEST',
    'LIMIT_BELOW_USAGE',
  ],
  ...['LIMIT_EXCEEDED', 'MISSING_IDEMPOTENCY_KEY', 'NOT_REVERSIBLE', 'RATE_NOT_APPLICABLE', 'RATE_REQUIRED'],
  ...['REVERSAL_EXCEEDS_TRANSACTION', 'SAME_ACCOUNT', 'RESERVATION_NOT_FOUND', 'RESERVATION_EXPIRED'],
  ...['TRANSACTION_NOT_FOUND'],
  ...['RESERVATION_NOT_HELD', 'ALREADY_COMMITTED', 'CAPTURE_EXCEEDS_HOLD', 'INSUFFICIENT_ESCROW'],
  ...['POT_NOT_FOUND', 'POT_NOT_ACTIVE', 'RETURN_EXCEEDS_CONTRIBUTION'],
  ...['reservation HELD', 'reservation COMMITTED', 'reservation RELEASED', 'reservation EXPIRED'],
  ...['pot ACTIVE', 'pot SETTLED', 'pot CANCELLED'],
];
const SHRINK_ATTEMPTS_MAX = Number(process.env['SHR'] ?? 60);

describe('the platform and a naive model of it', () => {
  let stack: ClockedBalanceStack | undefined;
  // Before the hooks of the database: it goes last.
  afterAll(() => stack?.stop());
  const database = useDatabase();
  beforeAll(async () => {
    stack = await startClockedBalance(database.url, START_MS, ENV);
  });

  it(
    `agree on ${OPERATIONS} random operations, every account and every chain`,
    async () => {
      if (!stack) throw new Error('the app runs while tests do');
      const run = new AgreementRun(stack, { prefix: 'm-', deployment: DEPLOYMENT, startMs: START_MS });
      const source = new OperationSource(seededRandom(), ACCOUNTS);
      const disagreement =
        (await executeRandom(run, source, OPERATIONS)) ?? (await run.compareEnd(database.url));
      if (disagreement) throw await explained(source.operations, disagreement, database.url);
      expectVariety(run.answered);
      // Of some table more chips were let go than it had.
      const tables = [...run.model.books.accounts.values()];
      expect(tables.some(({ inflation }) => inflation > 0n)).toBe(true);
    },
    TIMEOUT_MS,
  );
});

/** Agreement means little unless much was granted and every reason to refuse was met. */
function expectVariety(answered: ReadonlyMap<string, number>): void {
  expect(answered.get('transaction')).toBeGreaterThan(OPERATIONS / 5);
  expect(answered.get('replayed')).toBeGreaterThan(OPERATIONS / 50);
  const unmet = KINDS.filter((kind) => !answered.has(kind));
  if (OPERATIONS >= OPERATIONS_DEFAULT) expect(unmet).toEqual([]);
}

async function executeRandom(
  run: AgreementRun,
  source: OperationSource,
  count: number,
): Promise<Disagreement | undefined> {
  while (source.operations.length < count) {
    const batch = source.nextBatch(count - source.operations.length);
    const disagreement = await run.send(batch, (index, answer) => {
      source.done(index, answer);
    });
    if (disagreement) return disagreement;
  }
  return undefined;
}

/** The error of a failed run, with a short sequence that fails as well. */
async function explained(
  operations: readonly Operation[],
  first: Disagreement,
  databaseUrl: string,
): Promise<Error> {
  let databases = 0;
  const attempt = (some: readonly Operation[]): Promise<Disagreement | undefined> => {
    databases += 1;
    return onFreshDatabase(databaseUrl, `shrink_${process.pid}_${databases}`, some);
  };
  const short = await shrink(operations, first, { attempt, attemptsMax: SHRINK_ATTEMPTS_MAX });
  const text = (value: unknown): string => inspect(value, { depth: 8, breakLength: 110 });
  return new Error(
    [
      `operation ${first.index}: the platform and the model disagree about ${first.what}`,
      `expected ${text(first.expected)}`,
      `found ${text(first.found)}`,
      `shrunk in ${short.attempts} attempts to ${short.operations.length} operations:`,
      ...short.operations.map((operation) => text(operation)),
      `which disagree about ${short.disagreement.what} at operation ${short.disagreement.index}:`,
      `expected ${text(short.disagreement.expected)}`,
      `found ${text(short.disagreement.found)}`,
      replayHint(),
    ].join('\n'),
  );
}

async function onFreshDatabase(
  serverUrl: string,
  name: string,
  operations: readonly Operation[],
): Promise<Disagreement | undefined> {
  await administer(serverUrl, `create database ${escapeIdentifier(name)}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const stack = await startClockedBalance(url.href, START_MS, ENV);
  try {
    const run = new AgreementRun(stack, { prefix: 's-', deployment: DEPLOYMENT, startMs: START_MS });
    for (const batch of batchesOf(operations)) {
      const disagreement = await run.send(batch);
      if (disagreement) return disagreement;
    }
    return await run.compareEnd(url.href);
  } finally {
    await stack.stop();
    await administer(serverUrl, `drop database ${escapeIdentifier(name)} with (force)`);
  }
}

/** Operations that were sent in one request are sent in one again. */
function batchesOf(operations: readonly Operation[]): Operation[][] {
  const batches = new Map<number, Operation[]>();
  for (const operation of operations) {
    const batch = batches.get(operation.batch);
    if (batch) batch.push(operation);
    else batches.set(operation.batch, [operation]);
  }
  return [...batches.values()];
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: 60_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
