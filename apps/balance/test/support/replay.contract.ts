import { describe, expect, it } from '@jest/globals';
import type { Command, ReversibleTransaction } from '@steelyard/domain/posting';
import * as commands from './commands.js';
import { decideOn } from './decider.js';
import type { StorageUnderTest } from './storage-under-test.js';

/** A command, and whatever must have been posted before it. */
type Scenario = (id: (name: string) => string, under: StorageUnderTest) => Promise<Command> | Command;

const DETAILS = {
  reason: 'a "quoted" reason, \\ and ů',
  source: 'BONUS',
  performedBy: 'operator-1',
  agentId: 'agent-7',
  effectiveAtMs: Date.UTC(2020, 1, 29),
  metadata: { b: [1, null, { z: true }], a: 'žluťoučký\u0000\ud800' },
};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a deposit that opens the account': (id) => commands.deposit(id('alice'), 100n, { details: DETAILS }),
  'a withdrawal': async (id, under) => {
    await prepared(under, commands.deposit(id('alice'), 100n));
    return commands.withdraw(id('alice'), 40n);
  },
  'a wager against the house': async (id, under) => {
    await prepared(under, commands.deposit(id('alice'), 100n));
    return commands.withdraw(id('alice'), 40n, { type: 'WAGER', counterpart: 'house' });
  },
  'a transfer over two buckets': async (id, under) => {
    const [from, to] = commands.inTwoBuckets(id, under.buckets);
    await prepared(under, commands.deposit(from, 100n), commands.deposit(to, 1n));
    return commands.transfer([from, to], 30n, { details: DETAILS });
  },
  'a conversion over two buckets': async (id, under) => {
    const [from, to] = commands.inTwoBuckets(id, under.buckets);
    await prepared(under, commands.deposit(from, 10_000n), commands.deposit(to, 1n, { currency: 'JPY' }));
    return commands.transfer([from, to], 1_000n, { type: 'CONVERSION', rate: '0.333' });
  },
  'a whole reversal of a transfer over two buckets': async (id, under) => {
    const [from, to] = commands.inTwoBuckets(id, under.buckets);
    await prepared(under, commands.deposit(from, 100n), commands.deposit(to, 1n));
    const original = await prepared(under, commands.transfer([from, to], 30n));
    return commands.reverse(original, { details: DETAILS });
  },
  'a partial reversal of a deposit': async (id, under) =>
    commands.reverse(await prepared(under, commands.deposit(id('alice'), 100n)), { amount: 30n }),
  'an opening': (id) =>
    commands.open(id('alice'), {
      currency: 'EUR',
      tier: 'gold',
      holderId: 'holder "1"',
      agentId: 'agent',
      limits: {
        creditLimit: null,
        minimumHold: 1n,
        maxBalance: 500n,
        warningThreshold: 20n,
        criticalThreshold: 10n,
      },
      details: DETAILS,
    }),
  'an opening with an initial balance': (id) =>
    commands.open(id('alice'), { initialBalance: 250n, details: DETAILS }),
  'an opening of an account that exists': async (id, under) => {
    await prepared(under, commands.deposit(id('alice'), 100n));
    return commands.open(id('alice'), { initialBalance: 7n });
  },
  'an update': async (id, under) => {
    await prepared(under, commands.deposit(id('alice'), 100n));
    return commands.update(id('alice'), {
      tier: 'silver',
      holderId: null,
      limits: { creditLimit: 10n, maxBalance: null },
      metadata: { note: '"' },
      details: DETAILS,
    });
  },
  'an update that changes nothing': async (id, under) => {
    await prepared(under, commands.deposit(id('alice'), 100n));
    return commands.update(id('alice'), { tier: null });
  },
  'a freeze': async (id, under) => {
    await prepared(under, commands.deposit(id('alice'), 100n));
    return commands.setStatus(id('alice'), 'frozen');
  },
  'a refusal': async (id, under) => {
    await prepared(under, commands.deposit(id('alice'), 100n));
    return commands.withdraw(id('alice'), 101n);
  },
  'a refusal without a field of its own to blame': (id) => commands.withdraw(id('nobody'), 1n),
};

/** Answers are given again from what is stored; they must be the first answers, to the last member. */
export function describeReplays(under: StorageUnderTest): void {
  describe('the answer read from storage is the first answer again, for', () => {
    it.each(Object.keys(SCENARIOS))('%s', async (name) => {
      const command = await SCENARIOS[name]?.(commands.accountIds(), under);
      if (command === undefined) throw new Error('no such scenario');
      const submission = commands.submission(command, under.buckets);
      const first = await decideOn(under.storage(), [submission]);
      await under.storage().write(first.writeSet);

      const again = await decideOn(under.storage(), [submission], { looksUpKeys: true });
      expect(again.answers).toEqual([{ outcome: first.answers[0]?.outcome, isReplayed: true }]);
      expect(again.writeSet).toMatchObject({ facts: [], entries: [], keys: [], changedAccounts: [] });
      const twice = await decideOn(under.storage(), [submission, submission], { looksUpKeys: true });
      expect(twice.answers).toEqual([...again.answers, ...again.answers]);
    });
  });
}

/** Posts commands; the last one as a reversal needs it. */
async function prepared(under: StorageUnderTest, ...wanted: Command[]): Promise<ReversibleTransaction> {
  const submissions = wanted.map((command) => commands.submission(command, under.buckets));
  const { answers, writeSet } = await decideOn(under.storage(), submissions);
  await under.storage().write(writeSet);
  const outcome = answers.at(-1)?.outcome;
  if (outcome?.kind !== 'transaction') throw new Error('the preparation was refused');
  const found = await under.storage().findTransaction(outcome.transaction.transactionId);
  if (found === undefined) throw new Error('the transaction was not found');
  return found;
}
