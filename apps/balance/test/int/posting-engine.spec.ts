import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Command } from '@steelyard/domain/posting';
import { OutageError } from '@steelyard/platform/outage';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { testEngine, warmUp, type TestEngine } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

function balanceAfter(answer: Answer | undefined): bigint | string | undefined {
  if (answer?.outcome.kind === 'transaction') return answer.outcome.transaction.entries[0]?.balanceAfter;
  if (answer?.outcome.kind === 'account') return answer.outcome.account.balance;
  return answer?.outcome.kind === 'refusal' ? answer.outcome.code : undefined;
}

describe('PostingEngine', () => {
  const database = useBalanceDatabase();
  const submit = (command: Command, options?: commands.SubmitOptions) =>
    commands.submission(command, database.buckets, options);
  let swift: TestEngine;

  beforeAll(async () => {
    swift = testEngine(database.connections);
    await warmUp(swift, () => submit(commands.deposit('warm-up', 1n)));
  });

  /** Keeps every head locked while `work` runs: what the engine starts in the meantime is stuck. */
  const whileBlocked = async (work: () => Promise<void>): Promise<void> => {
    const client = await database.superuser.connect();
    try {
      await client.query('begin');
      await client.query('select from balance.heads order by bucket for update');
      await work();
    } finally {
      await client.query('rollback');
      client.release();
    }
  };

  it('answers an empty request', async () => {
    expect(await swift.execute()).toEqual([]);
  });

  it('keeps the order of a request that takes several batches, and answers in it', async () => {
    const alice = commands.accountIds()('alice');
    const small = testEngine(database.connections, { limits: { commandsMax: 7, bytesMax: 1_000_000 } });
    const wanted = Array.from({ length: 60 }, (_, i) =>
      submit(i % 3 === 2 ? commands.withdraw(alice, 15n) : commands.deposit(alice, 10n)),
    );
    const answers = await small.execute(...wanted);

    let balance = 0n;
    const expected = wanted.map((_, i) => {
      if (i % 3 !== 2) return (balance += 10n);
      return balance >= 15n ? (balance -= 15n) : 'INSUFFICIENT_BALANCE';
    });
    expect(answers.map(balanceAfter)).toEqual(expected);
    expect(Math.max(...small.observer.batches.map((batch) => batch.commands))).toBe(7);
  });

  it('writes fewer batches than commands under load', async () => {
    const id = commands.accountIds();
    const before = swift.observer.batches.length;
    await Promise.all(
      Array.from({ length: 300 }, (_, i) => swift.execute(submit(commands.deposit(id(`a${i % 20}`), 1n)))),
    );
    const batches = swift.observer.batches.slice(before);
    expect(batches.reduce((sum, batch) => sum + batch.commands, 0)).toBe(300);
    expect(batches.length).toBeLessThan(100);
  });

  it('bounds a batch in bytes', async () => {
    const alice = commands.accountIds()('alice');
    const narrow = testEngine(database.connections, { limits: { commandsMax: 500, bytesMax: 3_000 } });
    const details = { metadata: { note: 'x'.repeat(1_000) } };
    await narrow.execute(
      ...Array.from({ length: 20 }, () => submit(commands.deposit(alice, 1n, { details }))),
    );
    expect(Math.max(...narrow.observer.batches.map((batch) => batch.commands))).toBe(2);
  });

  describe('atomic groups', () => {
    it('are applied all or none, also between commands of their own request', async () => {
      const id = commands.accountIds();
      const [alice, bob] = [id('alice'), id('bob')];
      const answers = await swift.execute(
        submit(commands.deposit(alice, 100n)),
        submit(commands.withdraw(alice, 60n), { group: 1 }),
        submit(commands.deposit(bob, 1n)),
        submit(commands.withdraw(alice, 50n), { group: 1 }),
        submit(commands.withdraw(alice, 60n), { group: 2 }),
        submit(commands.deposit(bob, 60n), { group: 2 }),
        submit(commands.withdraw(alice, 40n)),
      );
      expect(answers.map(balanceAfter)).toEqual([
        100n,
        'ATOMIC_BATCH_REFUSED',
        1n,
        'INSUFFICIENT_BALANCE',
        40n,
        61n,
        0n,
      ]);
    });

    it('may hold a change of limits and the movement that needs it', async () => {
      const alice = commands.accountIds()('alice');
      await swift.execute(submit(commands.open(alice)));
      const answers = await swift.execute(
        submit(commands.update(alice, { limits: { creditLimit: 100n } }), { group: 1 }),
        submit(commands.withdraw(alice, 70n), { group: 1 }),
      );
      expect(answers.map(balanceAfter)).toEqual([0n, -70n]);
    });

    it('leave no key decided when they are refused, so that a mended one goes through', async () => {
      const alice = commands.accountIds()('alice');
      const [key1, key2] = [commands.nextKey(), commands.nextKey()];
      await swift.execute(submit(commands.open(alice)));
      const group = () => [
        submit(commands.deposit(alice, 10n), { key: key1, group: 1 }),
        submit(commands.withdraw(alice, 50n), { key: key2, group: 1 }),
      ];
      expect((await swift.execute(...group())).map(balanceAfter)).toEqual([
        'ATOMIC_BATCH_REFUSED',
        'INSUFFICIENT_BALANCE',
      ]);
      await swift.execute(submit(commands.deposit(alice, 40n)));
      expect((await swift.execute(...group())).map(balanceAfter)).toEqual([50n, 0n]);
    });
  });

  it('gives one command one effect when it comes many times at once', async () => {
    const alice = commands.accountIds()('alice');
    const key = commands.nextKey();
    const copies = await Promise.all(
      Array.from({ length: 50 }, () => swift.execute(submit(commands.deposit(alice, 10n), { key }))),
    );
    expect(new Set(copies.map(([answer]) => balanceAfter(answer)))).toEqual(new Set([10n]));
    expect(copies.filter(([answer]) => answer?.isReplayed === false)).toHaveLength(1);
  });

  it('refuses another request under a used key and names what differs', async () => {
    const alice = commands.accountIds()('alice');
    const key = commands.nextKey();
    await swift.execute(submit(commands.deposit(alice, 10n), { key }));
    const [answer] = await swift.execute(submit(commands.deposit(alice, 11n), { key }));
    expect(answer?.outcome).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      message: expect.stringContaining('another amount'),
    });
  });

  it('decides and answers a dry run and writes nothing of it', async () => {
    const alice = commands.accountIds()('alice');
    const key = commands.nextKey();
    const answers = await swift.execute(
      submit(commands.deposit(alice, 10n), { isDryRun: true, key }),
      submit(commands.deposit(alice, 3n), { key }),
      submit(commands.withdraw(alice, 4n), { isDryRun: true, key }),
    );
    expect(answers.map(balanceAfter)).toEqual([10n, 3n, 'INSUFFICIENT_BALANCE']);
  });

  it('lets one command fail that the database refuses, and no other', async () => {
    const id = commands.accountIds();
    const victim = id('victim');
    await swift.execute(submit(commands.deposit(victim, 1n)));
    const constraint = `check (account_id <> '${victim}' or balance < 100)`;
    await database.superuser.query(`alter table balance.accounts add constraint poison ${constraint}`);
    try {
      const outcomes = await Promise.allSettled([
        swift.execute(submit(commands.deposit(id('a'), 1n))),
        swift.execute(submit(commands.deposit(victim, 100n))),
        swift.execute(submit(commands.deposit(victim, 5n))),
        swift.execute(submit(commands.deposit(id('b'), 1n)), submit(commands.deposit(id('b'), 2n))),
        swift.execute(
          submit(commands.deposit(id('c'), 1n), { group: 1 }),
          submit(commands.deposit(victim, 200n), { group: 1 }),
        ),
      ]);
      expect(
        outcomes.map((one) => (one.status === 'fulfilled' ? one.value.map(balanceAfter) : one.status)),
      ).toEqual([[1n], 'rejected', [6n], [1n, 3n], 'rejected']);
      expect(await swift.execute(submit(commands.open(id('c'))))).toEqual([
        expect.objectContaining({ outcome: expect.objectContaining({ isCreated: true }) }),
      ]);
    } finally {
      await database.superuser.query('alter table balance.accounts drop constraint poison');
    }
  });

  it('turns commands away at once when its queue is full, and loses none that it took', async () => {
    const alice = commands.accountIds()('alice');
    const bounded = testEngine(database.connections, {
      queueCommandsMax: 10,
      limits: { commandsMax: 1, bytesMax: 1_000_000 },
    });
    const taken: Promise<Answer[]>[] = [];
    await whileBlocked(async () => {
      for (let i = 0; i < 11; i++) taken.push(bounded.execute(submit(commands.deposit(alice, 1n))));
      await expect(bounded.execute(submit(commands.deposit(alice, 1n)))).rejects.toThrow(OutageError);
    });
    const answers = (await Promise.all(taken)).flat();
    expect(answers.map(balanceAfter)).toEqual(Array.from({ length: 11 }, (_, i) => BigInt(i + 1)));
  });

  it('tells callers at their deadline, and what was not started has no effect later', async () => {
    const alice = commands.accountIds()('alice');
    const hasty = testEngine(database.connections, {
      deadlineMs: 300,
      limits: { commandsMax: 1, bytesMax: 1_000_000 },
    });
    let stuck: Promise<Answer[]> | undefined;
    await whileBlocked(async () => {
      stuck = hasty.execute(submit(commands.deposit(alice, 1n)));
      stuck.catch(() => undefined);
      const waiting = Array.from({ length: 5 }, () => hasty.execute(submit(commands.deposit(alice, 10n))));
      const outcomes = await Promise.allSettled(waiting);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(OutageError) });
      }
    });
    const first = await stuck?.then(([answer]) => balanceAfter(answer)).catch(() => 0n);
    const { rows } = await database.superuser.query<{ balance: bigint }>(
      'select coalesce(sum(balance), 0)::bigint as balance from balance.accounts where account_id = $1',
      [alice],
    );
    expect([rows[0]?.balance, rows[0]?.balance]).toEqual([first, first]);
  });

  it('works with hardly any memory', async () => {
    const id = commands.accountIds();
    const forgetful = testEngine(database.connections, { cacheEntriesMax: 5 });
    const rounds = Array.from({ length: 400 }, (_, i) =>
      forgetful.execute(submit(commands.deposit(id(`a${i % 40}`), 1n))),
    );
    const answers = (await Promise.all(rounds)).flat();
    expect(answers.map(balanceAfter)).toEqual(answers.map((_, i) => BigInt(Math.floor(i / 40) + 1)));
  });

  it('drains: resolves when all that it took is committed', async () => {
    const alice = commands.accountIds()('alice');
    const one = testEngine(database.connections, { limits: { commandsMax: 3, bytesMax: 1_000_000 } });
    const requests = Array.from({ length: 30 }, () => one.execute(submit(commands.deposit(alice, 1n))));
    await one.engine.drain();
    expect(one.observer.batches.reduce((sum, batch) => sum + batch.commands, 0)).toBe(30);
    await Promise.all(requests);
  });

  it('leaves right books behind', async () => {
    expect(await faultsOf(database.superuser)).toEqual([]);
  });
});
