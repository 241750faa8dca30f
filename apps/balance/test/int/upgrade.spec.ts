import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from '@steelyard/domain/posting';
import { migrate, type Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { MIGRATIONS } from '../../src/infrastructure/postgres/migrations/index.js';
import { setUpSchema } from '../../src/infrastructure/postgres/schema-setup.js';
import { writeBatchValues } from '../../src/infrastructure/postgres/write-batch-values.js';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { decideOn, TEST_BUCKETS } from '../support/decider.js';
import { testStorage } from '../support/test-engine.js';
import { connect, superuserPool, type Connections } from '../support/use-balance-database.js';

const CHOICE = { buckets: TEST_BUCKETS, defaultCurrency: 'CHIPS' };
/** Arguments that the function of the first release does not have: where the hold of an account ends, and the rows. */
const NEXT_EXPIRY_ARGUMENT = 14;
const FIRST_RELEASE_ARGUMENTS = 47;
const KEYS_KEPT_MS = 86_400_000;

type Reading = Parameters<typeof decideOn>[0];

/** Nothing was ever posted to any bucket. */
const EMPTY_BOOKS: Reading = {
  heads: async (buckets) =>
    buckets.map((bucket) => ({ bucket, sequence: 0n, committedAtMs: 0, writeId: null })),
  loadKeys: async () => [],
  load: async () => ({ accounts: [], reversals: [], reservations: [], pots: [], due: [] }),
};

/** The first release's schema with money in it, and this release starting on it while that one goes on. */
describe('the upgrade from the first release', () => {
  let superuser: Pool;
  let connections: Connections;
  afterAll(async () => {
    await connections.close();
    await superuser.end();
  });
  const database = useDatabase();

  const submit = (command: Command) => commands.submission(command, TEST_BUCKETS);
  const now = async (command: Command) => {
    const storage = testStorage(connections);
    const decided = await decideOn(storage, [submit(command)]);
    await storage.write(decided.writeSet);
    return decided.answers[0]?.outcome;
  };
  const balances = async () => {
    const { rows } = await superuser.query<{ account_id: string; balance: bigint; held: bigint }>(
      `select account_id, balance, held from balance.accounts where account_id in ('alice', 'bob') order by 1`,
    );
    return rows;
  };

  beforeAll(async () => {
    superuser = superuserPool(database.url);
    await migrate(database.url, MIGRATIONS.slice(0, 1), { schema: 'balance', lockKey: 1 });
    await superuser.query(
      `insert into balance.deployment values (true, ${TEST_BUCKETS}, 'CHIPS');
       insert into balance.heads (bucket, sequence, committed_at_ms)
       select bucket, 0, 0 from generate_series(0, ${TEST_BUCKETS - 1}) as bucket`,
    );
  });

  it('keeps the money, and both releases write side by side', async () => {
    const first = new FirstRelease(superuser);
    await first.post(submit(commands.deposit('alice', 100n)), EMPTY_BOOKS);
    await first.post(submit(commands.deposit('bob', 50n)), EMPTY_BOOKS);

    await setUpSchema(database.url, CHOICE);
    connections = await connect(database.url);
    const books = testStorage(connections);
    const outcome = await now(commands.reserve('alice', 30n));
    if (outcome?.kind !== 'reservation') throw new Error('the reservation was refused');
    // The release before knows nothing of holds, and must not lose them.
    await first.post(submit(commands.deposit('alice', 1n)), books);
    await first.post(submit(commands.withdraw('alice', 71n)), books);
    expect(await balances()).toEqual([
      { account_id: 'alice', balance: 30n, held: 30n },
      { account_id: 'bob', balance: 50n, held: 0n },
    ]);
    await now(commands.commit(outcome.reservation, { amount: 10n }));
    expect(await balances()).toMatchObject([{ balance: 20n, held: 0n }, { balance: 50n }]);
    expect(await faultsOf(superuser)).toEqual([]);
  });
});

/** Writes with the function that processes of the first release call. */
class FirstRelease {
  readonly #superuser: Pool;

  constructor(superuser: Pool) {
    this.#superuser = superuser;
  }

  /** Posts on the books as this release reads them; before the upgrade there is nothing that could be read. */
  async post(submission: ReturnType<typeof commands.submission>, books: Reading): Promise<void> {
    const { writeSet } = await decideOn(books, [submission]);
    const values = writeBatchValues(writeSet, Date.now() + KEYS_KEPT_MS);
    const old = values.filter((_, i) => i !== NEXT_EXPIRY_ARGUMENT).slice(0, FIRST_RELEASE_ARGUMENTS);
    const places = old.map((_, i) => `$${i + 1}`).join(', ');
    await this.#superuser.query({ text: `select balance.write_batch(${places})`, values: old });
  }
}
