import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { replayHint, seededRandom } from '@steelyard/testing/seed';
import { eventually } from '@steelyard/testing/wait';
import { patientPool } from '../support/patient-pool.js';
import { RestCaller } from '../support/rest-caller.js';

const ACCOUNTS = 15;
const INSTANTS = 1_000;
const BATCHES = 20;
const BATCH_SIZE = 60;
/** How far from its commit an entry took effect: seconds, days, years; some of them lie ahead. */
const DISTANCES_MS = [5_000, 864_000_000, 94_608_000_000];
const WORLD = '@world/CHIPS';

type Clock = 'committed' | 'effective';

/** What the caller was told of one entry; nothing else is replayed. */
interface Posted {
  readonly amount: bigint;
  readonly committed: number;
  readonly effective: number;
}

/** By either clock the balance of an account at any instant is what a replay of its entries from zero gives. */
describe(`time travel (${replayHint()})`, () => {
  const random = seededRandom();
  const posted = new Map<string, Posted[]>();
  const database = useDatabase();
  let platform: RunningPlatform;
  let operator: RestCaller;
  let superuser: Pool;
  let places = 0;

  beforeAll(async () => {
    platform = await startPlatform({
      apps: ['balance', 'ledger', 'gateway'],
      // Nobody is told of facts: every one of them stays in flight.
      env: { DATABASE_URL: database.url, LOG_LEVEL: 'warn', FACT_CONSUMERS: 'none' },
    });
    superuser = patientPool(database.url, 'time-travel', 1);
    operator = new RestCaller(platform.apiUrl, `Bearer ${await platform.token(['operator'], 'olga')}`);
    for (let index = 0; index < ACCOUNTS; index += 1) posted.set(`traveller-${index}`, []);
    posted.set(WORLD, []);
  });
  afterAll(async () => {
    await superuser.end();
    await platform.stop();
  });

  it('is exact while no fact has arrived', async () => {
    for (let batch = 0; batch < BATCHES / 2; batch += 1) await post();
    await compareAt(INSTANTS / 4);
  });

  it('is exact while facts arrive and more are posted', async () => {
    await platform.app('balance').restart({ FACT_CONSUMERS: 'ledger' });
    for (let batch = 0; batch < BATCHES / 2; batch += 1) {
      await post();
      await compareAt(INSTANTS / BATCHES);
    }
  });

  it('is exact when the ledger has every fact', async () => {
    await eventually(everythingArrived);
    await compareAt(INSTANTS / 4);
  });

  it('says which clock it went by', async () => {
    const path = `/api/accounts/traveller-0/balance?at=2026-01-01`;
    expect((await operator.get(path)).json).toMatchObject({ clock: 'committed' });
    expect((await operator.get(`${path}&clock=effective`)).json).toMatchObject({ clock: 'effective' });
    expect((await operator.get('/api/accounts/traveller-0/balance')).json).not.toHaveProperty('clock');
    expect(await operator.get(`${path}&clock=wall`)).toMatchObject({ status: 400 });
  });

  it('refuses a clock that does not exist', async () => {
    const address = platform.app('ledger').grpcTarget ?? '';
    const ledger = grpcClient(ledgerV1.LedgerServiceService, { address, deadlineMs: 60_000 });
    try {
      const asked = ledger.call('getBalanceAt', {
        accountId: 'traveller-0',
        atMs: 0n,
        clock: JSON.parse('9') as ledgerV1.Clock,
      });
      await expect(asked).rejects.toThrow('INVALID_REQUEST');
    } finally {
      await ledger.close();
    }
  });

  /** Deposits and transfers in random order of their effective times; some say none. */
  async function post(): Promise<void> {
    const transactions = Array.from({ length: BATCH_SIZE }, () => {
      places += 1;
      const to = `traveller-${random.integer(0, ACCOUNTS - 1)}`;
      const item = { idempotencyKey: `place-${places}`, amount: random.integer(1, 500), type: 'DEPOSIT' };
      return { ...item, accountId: to, source: 'TEST', ...effectiveAt() };
    });
    const body = { mode: 'independent', transactions };
    const { results } = (await operator.must('POST', '/api/transactions/batch', body)) as unknown as {
      results: { ok: true; transaction: { createdAt: string } }[];
    };
    expect(results).toHaveLength(BATCH_SIZE);
    for (const [index, { transaction }] of results.entries()) {
      const item = transactions[index];
      if (item === undefined) throw new Error('there is a result an item');
      const committed = Date.parse(transaction.createdAt);
      const effective = item.effectiveAt === undefined ? committed : Date.parse(item.effectiveAt);
      const times = { committed, effective };
      posted.get(item.accountId)?.push({ amount: BigInt(item.amount), ...times });
      posted.get(WORLD)?.push({ amount: -BigInt(item.amount), ...times });
    }
  }

  function effectiveAt(): { effectiveAt?: string } {
    if (random.chance(0.3)) return {};
    const distance = random.pick(DISTANCES_MS);
    const offset = Math.floor(distance * (random.integer(0, 1_000) / 800 - 0.25));
    return { effectiveAt: new Date(Date.now() - offset).toISOString() };
  }

  async function compareAt(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await compare(random.chance(0.5) ? 'effective' : 'committed');
    }
  }

  async function compare(clock: Clock): Promise<void> {
    const accountId = random.chance(0.15) ? WORLD : `traveller-${random.integer(0, ACCOUNTS - 1)}`;
    const entries = posted.get(accountId) ?? [];
    if (entries.length === 0) return;
    // Beside an entry, where a millisecond too early or too late shows.
    const atMs = random.pick(entries)[clock] + random.integer(-1, 1);
    const at = new Date(atMs).toISOString();
    const path = `/api/accounts/${encodeURIComponent(accountId)}/balance?at=${at}&clock=${clock}`;
    const { status, json } = await operator.get(path);
    const counted = entries.filter((entry) => entry[clock] <= atMs);
    expect({ status, balance: json['balance'], sequence: json['sequence'], path }).toEqual({
      status: 200,
      balance: Number(counted.reduce((sum, { amount }) => sum + amount, 0n)),
      sequence: counted.length,
      path,
    });
  }

  async function everythingArrived(): Promise<boolean> {
    const { rows } = await superuser.query(
      `select from balance.heads as head
       left join ledger.fact_inbox as inbox on inbox.bucket = head.bucket
       where head.sequence > coalesce(inbox.sequence, 0)`,
    );
    return rows.length === 0;
  }
});
