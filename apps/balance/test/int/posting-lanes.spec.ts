import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Answer, Command } from '@steelyard/domain/posting';
import { propertyParameters, seededRandom } from '@steelyard/testing/seed';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { testEngine, warmUp } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

const ACCOUNTS = 6;
const RUNS = 8;
const LANES = [1, 2, 8];

/** A command before it is known whose accounts it moves. */
type Step =
  | { readonly kind: 'deposit' | 'withdraw'; readonly account: number; readonly amount: bigint }
  | { readonly kind: 'transfer'; readonly from: number; readonly to: number; readonly amount: bigint };

const account = fc.integer({ min: 0, max: ACCOUNTS - 1 });
const amount = fc.bigInt({ min: 1n, max: 60n });
const posting = fc.record({
  kind: fc.constantFrom('deposit' as const, 'withdraw' as const),
  account,
  amount,
});
const moving = fc.record({ kind: fc.constant('transfer' as const), from: account, to: account, amount });
const step: fc.Arbitrary<Step & { readonly group: number }> = fc
  .tuple(fc.oneof(posting, moving), fc.constantFrom(0, 0, 0, 1, 2, 3))
  .map(([what, group]) => ({ ...what, group }));

function commandOf(one: Step, nameOf: (index: number) => string): Command {
  if (one.kind !== 'transfer') {
    const post = one.kind === 'deposit' ? commands.deposit : commands.withdraw;
    return post(nameOf(one.account), one.amount);
  }
  const to = one.to === one.from ? (one.to + 1) % ACCOUNTS : one.to;
  return commands.transfer([nameOf(one.from), nameOf(to)], one.amount);
}

/** What the caller learns, without what depends on the moment or on the accounts' names. */
function essenceOf({ outcome }: Answer, nameOf: (index: number) => string): unknown {
  if (outcome.kind === 'refusal') return outcome.code;
  if (outcome.kind !== 'transaction') throw new Error(`nobody asked for a ${outcome.kind}`);
  const names = Array.from({ length: ACCOUNTS }, (_, index) => nameOf(index));
  return outcome.transaction.entries
    .filter((entry) => names.includes(entry.accountId))
    .map((entry) => [names.indexOf(entry.accountId), entry.amount, entry.balanceAfter, entry.sequence]);
}

describe('lanes', () => {
  const database = useBalanceDatabase({ buckets: 16 });
  const submit = (command: Command, options?: commands.SubmitOptions) =>
    commands.submission(command, database.buckets, options);

  it(`give the results of one command after the other, with ${LANES.join(', ')} of them`, async () => {
    const limits = { commandsMax: 5, bytesMax: 1_000_000 };
    const engines = await Promise.all(
      LANES.map(async (lanes) => testEngine(await database.connect(lanes), { lanes, limits })),
    );
    for (const engine of engines) await warmUp(engine, () => submit(commands.deposit('warm-up', 1n)));
    const sequential = testEngine(database.connections);

    const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
      const id = commands.accountIds();
      // One group's commands stand together: it is decided at the place of its first.
      const ordered = steps.toSorted((left, right) => left.group - right.group);
      const resultsOf = async (
        run: string,
        work: (wanted: ReturnType<typeof submit>[]) => Promise<Answer[]>,
      ) => {
        const nameOf = (index: number): string => id(`${run}-a${index}`);
        const wanted = ordered.map((one) => submit(commandOf(one, nameOf), { group: one.group }));
        return (await work(wanted)).map((answer) => essenceOf(answer, nameOf));
      };
      const expected = await resultsOf('sequential', async (wanted) => {
        const answers: Answer[] = [];
        for (const group of [0, 1, 2, 3]) {
          const members = wanted.filter(({ atomicGroup }) => atomicGroup === group);
          if (group > 0) answers.push(...(await sequential.execute(...members)));
          else for (const one of members) answers.push(...(await sequential.execute(one)));
        }
        return answers;
      });
      for (const [i, engine] of engines.entries()) {
        const results = await resultsOf(`lanes${LANES[i]}`, (wanted) => engine.execute(...wanted));
        expect(results).toEqual(expected);
      }
    });
    await fc.assert(property, propertyParameters({ numRuns: RUNS }));
    expect(engines.flatMap(({ observer }) => observer.failures)).toEqual([]);
  });

  it('stay exact when two processes with lanes of their own write the same few accounts', async () => {
    const id = commands.accountIds();
    const random = seededRandom();
    const limits = { commandsMax: 2, bytesMax: 1_000_000 };
    const engines = await Promise.all(
      [1, 3].map(async (lanes) => testEngine(await database.connect(lanes), { lanes, limits })),
    );
    for (const engine of engines) await warmUp(engine, () => submit(commands.deposit('warm-up', 1n)));
    const names = Array.from({ length: 4 }, (_, i) => id(`a${i}`));
    await Promise.all(names.map((name) => sequentialDeposit(engines[0], name)));
    async function sequentialDeposit(engine: (typeof engines)[0] | undefined, name: string): Promise<void> {
      await engine?.execute(submit(commands.deposit(name, 100_000n)));
    }

    const callers = Array.from({ length: 24 }, async (_, caller) => {
      const engine = engines[caller % engines.length];
      if (engine === undefined) throw new Error('no engine');
      for (let i = 0; i < 25; i++) {
        const [from, to] = random.chance(0.5) ? [names[0], names[1]] : [names[2], names[3]];
        const pair = [from ?? '', to ?? ''] as const;
        const [answer] = await engine.execute(submit(commands.transfer(pair, 1n)));
        expect(answer?.outcome.kind).toBe('transaction');
      }
    });
    await Promise.all(callers);

    const { rows } = await database.superuser.query<{ sum: bigint; moved: bigint }>(
      `select sum(balance)::bigint as sum, (sum(balance) filter (where account_id in ($2, $4)))::bigint as moved
       from balance.accounts where account_id in ($1, $2, $3, $4)`,
      names,
    );
    expect(rows).toEqual([{ sum: 400_000n, moved: 200_000n + 24n * 25n }]);
    expect(engines.flatMap(({ observer }) => observer.failures)).toEqual([]);
    expect(await faultsOf(database.superuser)).toEqual([]);
  });
});
