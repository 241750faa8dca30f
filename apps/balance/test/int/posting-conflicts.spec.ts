import { describe, expect, it } from '@jest/globals';
import type { Command } from '@steelyard/domain/posting';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { Gate, GatedStorage } from '../support/gated-storage.js';
import { engineOver, testEngine, warmUp } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

/** Two processes write the same bucket, and the first one's memory is wrong at the worst moment. */
describe('a batch that another process was faster than', () => {
  const database = useBalanceDatabase({ buckets: 1 });
  const submit = (command: Command, options?: commands.SubmitOptions) =>
    commands.submission(command, database.buckets, options);

  /** A process that trusts its memory, with alice in it, and another that writes behind its back. */
  const twoProcesses = async (alice: string) => {
    const storage = new GatedStorage(await database.connect());
    const slow = engineOver(storage, { limits: { commandsMax: 1, bytesMax: 1_000_000 } });
    const other = testEngine(database.connections);
    await warmUp(slow, () => submit(commands.deposit(alice, 1n)));
    return { storage, slow, other };
  };

  it('is decided again, and so is the one that was decided on it', async () => {
    const [alice, bob] = ['alice', 'bob'].map(commands.accountIds()) as [string, string];
    const { storage, slow, other } = await twoProcesses(alice);
    await slow.execute(submit(commands.deposit(bob, 1n)));
    storage.beforeWrite = new Gate();
    // On the way to the database: a large deposit, and a withdrawal that only it makes possible.
    const first = slow.execute(submit(commands.transfer([alice, bob], 1n)));
    const second = slow.execute(submit(commands.withdraw(bob, 2n)));
    await storage.beforeWrite.arrival;
    // The other process leaves the same sequences and versions, and another balance.
    await other.execute(submit(commands.transfer([bob, alice], 1n)));
    storage.beforeWrite.open();

    expect((await first)[0]?.outcome.kind).toBe('transaction');
    expect((await second)[0]?.outcome).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    expect(slow.observer.failures).toEqual([]);
    expect(await faultsOf(database.superuser)).toEqual([]);
  });

  it('is not overtaken by what came after it, also when it refuses and leaves no fact', async () => {
    const [alice, bob] = ['alice', 'bob'].map(commands.accountIds()) as [string, string];
    const { storage, slow } = await twoProcesses(alice);
    const lost = new Gate();
    storage.lostWrite = lost;
    const first = slow.execute(submit(commands.withdraw(bob, 1n)));
    const second = slow.execute(submit(commands.deposit(bob, 5n)));
    await lost.arrival;
    // The second would be committed by now, if it did not wait.
    await storage.idle();
    lost.open();

    expect((await first)[0]?.outcome).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
    expect((await second)[0]?.outcome.kind).toBe('transaction');
    expect(slow.observer.failures).toEqual([]);
  });

  it('leaves nothing in memory that one behind it had read before', async () => {
    const [alice, bob] = ['alice', 'bob'].map(commands.accountIds()) as [string, string];
    const { storage, slow, other } = await twoProcesses(alice);
    await other.execute(submit(commands.open(bob)));
    await warmUp(slow, () => submit(commands.deposit(alice, 1n)));
    storage.beforeWrite = new Gate();
    storage.afterLoad = new Gate();
    const first = slow.execute(submit(commands.deposit(alice, 1n)));
    const second = slow.execute(submit(commands.withdraw(bob, 100n)));
    // The second has read that bob has nothing, and hears of it only when the first has failed and recovered.
    await storage.afterLoad.arrival;
    await other.execute(submit(commands.deposit(bob, 100n)));
    storage.beforeWrite.open();
    await first;
    storage.afterLoad.open();

    expect((await second)[0]?.outcome.kind).toBe('transaction');
    expect(slow.observer.failures).toEqual([]);
    expect(await faultsOf(database.superuser)).toEqual([]);
  });
});
