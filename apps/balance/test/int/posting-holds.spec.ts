import { describe, expect, it } from '@jest/globals';
import type { Command } from '@steelyard/domain/posting';
import type { Reservation } from '@steelyard/domain/reservations';
import type { Submission } from '../../src/application/posting-engine/posting-engine.js';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { Gate, GatedStorage } from '../support/gated-storage.js';
import { engineOver, testEngine, warmUp, type TestEngine } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

/** Holds whose time runs out while batches are on their way, with a clock that the test moves. */
describe('holds in the posting engine', () => {
  const database = useBalanceDatabase();
  const submit = (command: Command, options?: commands.SubmitOptions): Submission =>
    commands.submission(command, database.buckets, options);

  const reserved = async ({ execute }: TestEngine, command: Command): Promise<Reservation> => {
    const [answer] = await execute(submit(command));
    if (answer?.outcome.kind !== 'reservation') throw new Error('the reservation was refused');
    return answer.outcome.reservation;
  };

  /** An engine that trusts its memory, and its clock. */
  const engineWithClock = async (alice: string) => {
    const clock = { offsetMs: 0 };
    const storage = new GatedStorage(await database.connect());
    const engine = engineOver(storage, {
      now: () => Date.now() + clock.offsetMs,
      limits: { commandsMax: 1, bytesMax: 1_000_000 },
    });
    await warmUp(engine, () => submit(commands.deposit(alice, 1n)));
    return { clock, storage, engine };
  };

  it('finds a hold that fell due before the batch that made it was stored', async () => {
    const alice = commands.accountIds()('alice');
    const { clock, storage, engine } = await engineWithClock(alice);
    await reserved(engine, commands.reserve(alice, 1n, { timeoutMs: 1_000 }));
    storage.beforeWrite = new Gate();
    const late = engine.execute(submit(commands.reserve(alice, 1n, { timeoutMs: 2_000 })));
    await storage.beforeWrite.arrival;
    clock.offsetMs = 3_000;
    const balance = await balanceOf(alice);
    const all = engine.execute(submit(commands.withdraw(alice, balance)));
    storage.beforeWrite.open();

    expect((await late)[0]?.outcome).toMatchObject({ kind: 'reservation' });
    expect((await all)[0]?.outcome).toMatchObject({ kind: 'transaction' });
    expect(engine.observer.failures).toEqual([]);
    expect(await faultsOf(database.superuser)).toEqual([]);
  });

  it('keeps another process from committing what this one saw expire', async () => {
    const alice = commands.accountIds()('alice');
    const { clock, engine } = await engineWithClock(alice);
    const other = testEngine(database.connections);
    const reservation = await reserved(other, commands.reserve(alice, 1n, { timeoutMs: 60_000 }));
    clock.offsetMs = 61_000;
    const balance = await balanceOf(alice);
    expect((await engine.execute(submit(commands.withdraw(alice, balance))))[0]?.outcome.kind).toBe(
      'transaction',
    );
    // The other's clock says that there is time left.
    expect((await other.execute(submit(commands.commit(reservation))))[0]?.outcome).toMatchObject({
      code: 'RESERVATION_EXPIRED',
    });
    expect(await faultsOf(database.superuser)).toEqual([]);
  });

  it('gives one of commit, release and a later withdrawal what is held, over two processes', async () => {
    const id = commands.accountIds();
    const engines = [testEngine(database.connections), testEngine(await database.connect())] as const;
    for (let round = 0; round < 20; round++) {
      const alice = id(`alice${round}`);
      await engines[0].execute(submit(commands.deposit(alice, 10n)));
      const reservation = await reserved(engines[0], commands.reserve(alice, 10n));
      const race = [
        engines[0].execute(submit(commands.commit(reservation, { amount: 4n }))),
        engines[1].execute(submit(commands.release(reservation))),
        engines[1].execute(submit(commands.commit(reservation))),
        engines[0].execute(submit(commands.withdraw(alice, 10n))),
      ];
      const outcomes = (await Promise.all(race)).map(([answer]) => answer?.outcome);
      const moved = outcomes.filter((outcome) => outcome?.kind === 'transaction').length;
      // A second commit is the first one again.
      const commits = new Set(
        outcomes.flatMap((outcome) =>
          outcome?.kind === 'reservation' && outcome.reservation.status === 'COMMITTED'
            ? [outcome.reservation.transactionId]
            : [],
        ),
      );
      expect(moved + commits.size).toBeLessThanOrEqual(1);
      const balance = await balanceOf(alice);
      expect([0n, 6n, 10n]).toContain(balance);
    }
    expect(await faultsOf(database.superuser)).toEqual([]);
  });

  async function balanceOf(accountId: string): Promise<bigint> {
    const { rows } = await database.connections.pool.query<{ balance: bigint }>({
      text: 'select balance from balance.accounts where account_id = $1',
      values: [accountId],
    });
    return rows[0]?.balance ?? 0n;
  }
});
