import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Command } from '@steelyard/domain/posting';
import { withSeed } from '@steelyard/testing/seed';
import type { Submission } from '../../src/application/posting-engine/posting-engine.js';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { testEngine, warmUp, type TestEngine } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

/** More keys than a bucket keeps in memory. */
const MANY = 300;

const replayOf = (answers: readonly Answer[]): Answer[] =>
  answers.map(({ outcome }) => ({ outcome, isReplayed: true }));

/** One key, one effect, one answer: whichever process gets the copies, and whatever it remembers. */
describe('a request that is repeated', () => {
  const database = useBalanceDatabase({ buckets: 4 });
  const submit = (command: Command, options?: commands.SubmitOptions) =>
    commands.submission(command, database.buckets, options);
  /** Two processes that trust their memories. */
  let first: TestEngine;
  let second: TestEngine;

  const process = async (): Promise<TestEngine> => testEngine(await database.connect());
  const trusting = async (): Promise<TestEngine> => {
    const engine = await process();
    await warmUp(engine, () => submit(commands.deposit('warm-up', 1n)));
    return engine;
  };
  /**
   * Brings a process up to date with a bucket, so that it trusts its memory of it, and makes it forget the keys
   * that it decided there before.
   */
  const distract = async (engine: TestEngine, accountId: string): Promise<void> => {
    const other = () => submit(commands.deposit(accountId, 1n));
    await warmUp(engine, other);
    await engine.execute(...Array.from({ length: MANY }, other));
    await warmUp(engine, other);
  };

  beforeAll(async () => {
    first = await trusting();
    second = await trusting();
  });

  describe.each(['another process', 'the same process when it has forgotten'])('to %s', (which) => {
    const answering = (): TestEngine => (which === 'another process' ? second : first);

    it('gets the first answer, though it would be refused by now', async () => {
      const alice = commands.accountIds()('alice');
      await first.execute(submit(commands.deposit(alice, 100n)));
      const request = submit(commands.withdraw(alice, 100n));
      const answers = await first.execute(request);
      await first.execute(submit(commands.setStatus(alice, 'closed')));
      await distract(answering(), alice);
      expect(await answering().execute(request)).toEqual(replayOf(answers));
    });

    it('as an atomic group gets the first answers, though it would be refused by now', async () => {
      const id = commands.accountIds();
      const alice = id('alice');
      await first.execute(submit(commands.deposit(alice, 100n)));
      const group = [
        submit(commands.withdraw(alice, 100n), { group: 1 }),
        submit(commands.deposit(id('bob'), 100n), { group: 1 }),
      ];
      const answers = await first.execute(...group);
      expect(answers.map(({ outcome }) => outcome.kind)).toEqual(['transaction', 'transaction']);
      await first.execute(submit(commands.setStatus(alice, 'closed')));
      await distract(answering(), alice);
      expect(await answering().execute(...group)).toEqual(replayOf(answers));
    });
  });

  it('in one batch with more keys than memory holds is answered without a failure', async () => {
    const alice = commands.accountIds()('alice');
    const request = Array.from({ length: MANY }, () => submit(commands.deposit(alice, 1n)));
    const answers = await first.execute(...request);
    const restarted = await process();
    expect(await restarted.execute(...request)).toEqual(replayOf(answers));
    expect(restarted.observer).toMatchObject({ failures: [], staleReasons: [] });
  });

  it('as a large atomic group is answered by a process that has just started', async () => {
    const alice = commands.accountIds()('alice');
    const group = Array.from({ length: MANY }, () => submit(commands.deposit(alice, 1n), { group: 1 }));
    const answers = await first.execute(...group);
    const restarted = await process();
    expect(await restarted.execute(...group)).toEqual(replayOf(answers));
  });

  it('within one large atomic group has one effect', async () => {
    const alice = commands.accountIds()('alice');
    const group = Array.from({ length: MANY }, () => submit(commands.deposit(alice, 1n), { group: 1 }));
    const copies = group.slice(0, 3);
    const answers = await first.execute(...group, ...copies);
    expect(answers.slice(MANY)).toEqual(replayOf(answers.slice(0, 3)));
    const [, after] = await first.execute(...[1n, 1n].map((one) => submit(commands.deposit(alice, one))));
    expect(after?.outcome).toMatchObject({
      transaction: { entries: [{ balanceAfter: BigInt(MANY + 2) }, expect.anything()] },
    });
  });

  it('keeps a frozen refusal, though it would be granted by now', async () => {
    const alice = commands.accountIds()('alice');
    await first.execute(submit(commands.open(alice)));
    const request = submit(commands.withdraw(alice, 1n));
    const answers = await first.execute(request);
    expect(answers[0]?.outcome).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    await second.execute(submit(commands.deposit(alice, 5n)));
    for (const engine of [first, second, await process()]) {
      expect(await engine.execute(request)).toEqual(replayOf(answers));
    }
  });

  it('from many callers through three processes in any order has one effect and equal answers', () =>
    withSeed(async (random) => {
      const id = commands.accountIds();
      const engines = [first, second, await process()];
      const accounts = Array.from({ length: 5 }, (_, i) => id(`a${i}`));
      await Promise.all(accounts.map((account) => first.execute(submit(commands.deposit(account, 40n)))));
      const requests = Array.from({ length: 150 }, (): Submission[] => {
        const [from, to] = [random.pick(accounts), random.pick(accounts)];
        if (from === to) return [submit(commands.withdraw(from, BigInt(random.integer(1, 20))))];
        const amount = BigInt(random.integer(1, 30));
        const group = random.chance(0.3) ? 1 : 0;
        return [
          submit(commands.transfer([from, to], amount), { group }),
          submit(commands.deposit(to, 1n), { group }),
        ];
      });
      const copies = requests.flatMap((request, i) =>
        Array.from({ length: random.integer(1, 6) }, () => ({
          i,
          request,
          at: random.integer(0, 1_000_000),
        })),
      );
      copies.sort((left, right) => left.at - right.at);
      const answered = await Promise.all(
        copies.map(async ({ i, request }) => ({
          i,
          answers: await random.pick(engines).execute(...request),
        })),
      );
      for (const i of requests.keys()) {
        const outcomes = answered
          .filter((one) => one.i === i)
          .map(({ answers }) => answers.map(({ outcome }) => outcome));
        // A refused atomic group leaves no key: its copies are decided anew, and may be granted later.
        const granted = outcomes.filter((one) => one.some(({ kind }) => kind !== 'refusal'));
        for (const one of requests[i]?.[0]?.atomicGroup === 1 ? granted : outcomes) {
          expect(one).toEqual((requests[i]?.[0]?.atomicGroup === 1 ? granted : outcomes)[0]);
        }
      }
      expect(engines.flatMap(({ observer }) => observer.failures)).toEqual([]);
      expect(await faultsOf(database.superuser)).toEqual([]);
    }));
});
