import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Command } from '@steelyard/domain/posting';
import { OutageError } from '@steelyard/platform/outage';
import type { Pool } from '@steelyard/platform/postgres';
import { startPostgres, type TestPostgres } from '@steelyard/testing/postgres';
import { withSeed } from '@steelyard/testing/seed';
import { eventually } from '@steelyard/testing/wait';
import { setUpSchema } from '../../src/infrastructure/postgres/schema-setup.js';
import type { Submission } from '../../src/application/posting-engine/posting-engine.js';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { testEngine, warmUp } from '../support/test-engine.js';
import { connect, superuserPool, type Connections } from '../support/use-balance-database.js';

const BUCKETS = 8;

describe('PostingEngine over a PostgreSQL that is killed', () => {
  let server: TestPostgres;
  let connections: Connections;
  let superuser: Pool;
  const submit = (command: Command, options?: commands.SubmitOptions): Submission =>
    commands.submission(command, BUCKETS, options);

  beforeAll(async () => {
    server = await startPostgres();
    await setUpSchema(server.url, { buckets: BUCKETS, defaultCurrency: 'CHIPS' });
    connections = await connect(server.url, 2);
    superuser = superuserPool(server.url);
  });

  afterAll(async () => {
    await connections.close();
    await superuser.end();
    await server.stop();
  });

  /** Transactions stored under each idempotency key. */
  const effects = async (): Promise<Map<string | null, number>> => {
    const { rows } = await superuser.query<{ key: string; count: number }>(
      `select idempotency_key as key, count(*)::int as count from balance.facts
       where idempotency_key is not null and kind < 100 group by idempotency_key`,
    );
    return new Map(rows.map(({ key, count }) => [key, count]));
  };

  it('answers only what is stored, and waits for its return without a caller noticing', () =>
    withSeed(async (random) => {
      const id = commands.accountIds();
      const steady = testEngine(connections, { lanes: 2 });
      const { execute, observer } = steady;
      await warmUp(steady, () => submit(commands.deposit(id('a0'), 1n)));
      const answered: Answer[] = [];
      let isOver = false;
      const callers = Array.from({ length: 16 }, async () => {
        while (!isOver) {
          const account = id(`a${random.integer(0, 9)}`);
          answered.push(...(await execute(submit(commands.deposit(account, 1n)))));
        }
      });
      for (let round = 0; round < 3; round++) {
        const before = answered.length;
        await eventually(() => answered.length > before + random.integer(20, 200));
        await server.kill9();
        await server.restart();
      }
      const before = answered.length;
      await eventually(() => answered.length > before);
      isOver = true;
      await Promise.all(callers);

      const stored = await effects();
      for (const { outcome } of answered) {
        if (outcome.kind !== 'transaction') throw new Error(`refused: ${JSON.stringify(outcome)}`);
        expect(stored.get(outcome.transaction.idempotencyKey)).toBe(1);
      }
      expect(observer.outages.length).toBeGreaterThan(0);
      expect(observer.failures).toEqual([]);
      expect(await faultsOf(superuser)).toEqual([]);
    }));

  it('tells callers at their deadline, and a repetition under the same key has one effect', async () => {
    const id = commands.accountIds();
    const hasty = testEngine(connections, { deadlineMs: 400 });
    await eventually(() => warmUp(hasty, () => submit(commands.deposit(id('a'), 1n))));
    const requests = Array.from({ length: 200 }, (_, i) => submit(commands.deposit(id(`a${i % 7}`), 1n)));
    const underWay = requests.map((request) => hasty.execute(request));
    const first = Promise.allSettled(underWay);
    // Until one has been answered, or all have been told in vain.
    await Promise.any(underWay).catch(() => undefined);
    await server.kill9();
    for (const outcome of await first) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(OutageError);
    }
    await expect(hasty.execute(submit(commands.deposit(id('late'), 1n)))).rejects.toThrow(OutageError);
    await server.restart();

    const settled = await Promise.all(requests.map((request) => eventually(() => hasty.execute(request))));
    expect(settled.flat().map(({ outcome }) => outcome.kind)).toEqual(requests.map(() => 'transaction'));
    const stored = await effects();
    expect(requests.map(({ prepared }) => stored.get(prepared.idempotencyKey ?? ''))).toEqual(
      requests.map(() => 1),
    );
    const { rows } = await superuser.query<{ sum: bigint }>(
      'select sum(balance)::bigint as sum from balance.accounts where account_id = any ($1)',
      [Array.from({ length: 7 }, (_, i) => id(`a${i}`))],
    );
    expect(rows[0]?.sum).toBe(200n);
    expect(await faultsOf(superuser)).toEqual([]);
  });
});
