import { describe, expect, it } from '@jest/globals';
import { bucketOf } from '@steelyard/domain/accounts';
import { Books, type Command, type WriteSet } from '@steelyard/domain/posting';
import {
  StaleBatchError,
  type LoadedState,
} from '../../src/application/posting-engine/posting-storage.port.js';
import * as commands from './commands.js';
import { decideOn } from './decider.js';
import { describeReplays } from './replay.contract.js';
import type { StorageUnderTest } from './storage-under-test.js';

/** What the posting engine relies on, whatever a deployment keeps its state in. */
export function describePostingStorage(under: StorageUnderTest): void {
  describeWrites(under);
  describeLocks(under);
  describeFindTransaction(under);
  describeReplays(under);
}

/** Executes commands as one batch, each under a key of its own. */
export async function post(under: StorageUnderTest, ...wanted: Command[]) {
  const submissions = wanted.map((command) => commands.submission(command, under.buckets));
  const decided = await decideOn(under.storage(), submissions);
  await under.storage().write(decided.writeSet);
  return decided;
}

const NOTHING = { accounts: [], reversals: [], reservations: [], pots: [], due: [], nowMs: 0 };

function describeWrites(under: StorageUnderTest): void {
  const submit = (command: Command, options?: commands.SubmitOptions) =>
    commands.submission(command, under.buckets, options);
  const stateOf = async (...ids: string[]): Promise<LoadedState['accounts']> => {
    const refs = ids.map((accountId) => ({ bucket: bucketOf(accountId, under.buckets), accountId }));
    return (await under.storage().load({ ...NOTHING, accounts: refs })).accounts;
  };
  const headOf = async (accountId: string) => under.storage().heads([bucketOf(accountId, under.buckets)]);

  describe('write', () => {
    it('refuses a batch that was decided on a head that has moved since, and writes nothing of it', async () => {
      const alice = commands.accountIds()('alice');
      const late = await decideOn(under.storage(), [submit(commands.deposit(alice, 5n))]);
      await post(under, commands.deposit(alice, 100n));
      const before = [await stateOf(alice), await headOf(alice)];

      await expect(under.storage().write(late.writeSet)).rejects.toThrow(StaleBatchError);
      expect([await stateOf(alice), await headOf(alice)]).toEqual(before);
    });

    it('refuses a batch that was decided on a write which never happened, though another left the same sequence', async () => {
      const alice = commands.accountIds()('alice');
      await post(under, commands.deposit(alice, 100n));
      const books = new Books();
      await decideOn(under.storage(), [submit(commands.deposit(alice, 900n))], { books });
      const next = await decideOn(under.storage(), [submit(commands.withdraw(alice, 500n))], { books });
      expect(next.answers[0]?.outcome.kind).toBe('transaction');
      // Another process moves the same head and the same accounts by as much.
      await post(under, commands.deposit(alice, 600n));
      const before = [await stateOf(alice), await headOf(alice)];

      await expect(under.storage().write(next.writeSet)).rejects.toThrow(StaleBatchError);
      expect([await stateOf(alice), await headOf(alice)]).toEqual(before);
    });

    it('refuses a key that was decided before, and writes nothing of the batch', async () => {
      const alice = commands.accountIds()('alice');
      const key = commands.nextKey();
      const first = await decideOn(under.storage(), [submit(commands.deposit(alice, 100n), { key })]);
      await under.storage().write(first.writeSet);
      const again = await decideOn(under.storage(), [
        submit(commands.deposit(alice, 7n)),
        submit(commands.deposit(alice, 100n), { key }),
      ]);
      const before = [await stateOf(alice), await headOf(alice)];

      await expect(under.storage().write(again.writeSet)).rejects.toThrow(StaleBatchError);
      expect([await stateOf(alice), await headOf(alice)]).toEqual(before);
    });

    it('refuses a key under which a refusal was frozen', async () => {
      const alice = commands.accountIds()('alice');
      const key = commands.nextKey();
      await post(under, commands.open(alice));
      const refused = await decideOn(under.storage(), [submit(commands.withdraw(alice, 1n), { key })]);
      expect(refused.answers[0]?.outcome).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
      await under.storage().write(refused.writeSet);
      await post(under, commands.deposit(alice, 10n));

      const again = await decideOn(under.storage(), [submit(commands.withdraw(alice, 1n), { key })]);
      expect(again.answers[0]?.outcome.kind).toBe('transaction');
      await expect(under.storage().write(again.writeSet)).rejects.toThrow(StaleBatchError);
    });

    it('refuses a batch when an account is not at the version that it was decided on', async () => {
      const alice = commands.accountIds()('alice');
      await post(under, commands.deposit(alice, 100n));
      const { writeSet } = await decideOn(under.storage(), [submit(commands.deposit(alice, 1n))]);
      const changedAccounts = writeSet.changedAccounts.map((changed) =>
        changed.account.accountId === alice ? { ...changed, expectedVersion: 1n } : changed,
      );
      const before = [await stateOf(alice), await headOf(alice)];

      await expect(under.storage().write({ ...writeSet, changedAccounts })).rejects.toThrow(StaleBatchError);
      expect([await stateOf(alice), await headOf(alice)]).toEqual(before);
    });

    it('never stores a transaction that does not sum to zero in every currency', async () => {
      const id = commands.accountIds();
      const alice = id('alice');
      await post(under, commands.deposit(alice, 100n));
      const { writeSet } = await decideOn(under.storage(), [
        submit(commands.deposit(alice, 5n)),
        submit(commands.withdraw(alice, 5n)),
      ]);
      const before = [await stateOf(alice), await headOf(alice)];

      // The batch as a whole still sums to zero: each transaction is what must balance.
      const shifted: readonly bigint[] = [6n, -5n, -6n, 5n];
      const inSum = writeSet.entries.map((entry, i) => ({ ...entry, amount: shifted[i] ?? 0n }));
      await expect(under.storage().write({ ...writeSet, entries: inSum })).rejects.toThrow();
      const inCurrency = writeSet.entries.map((entry, i) =>
        i === 0 ? { ...entry, currency: 'EUR' } : entry,
      );
      await expect(under.storage().write({ ...writeSet, entries: inCurrency })).rejects.toThrow();
      expect([await stateOf(alice), await headOf(alice)]).toEqual(before);
    });

    it('writes all of a batch or nothing, whichever part of it fails', async () => {
      const id = commands.accountIds();
      const [alice, bob] = commands.inTwoBuckets(id, under.buckets);
      const written = await post(under, commands.deposit(alice, 100n), commands.deposit(bob, 1n));
      const { writeSet } = await decideOn(under.storage(), [
        submit(commands.open(id('carol'))),
        submit(commands.deposit(alice, 5n)),
        submit(commands.transfer([alice, bob], 50n)),
      ]);
      const before = [await stateOf(alice, bob), await headOf(alice), await headOf(bob)];
      const broken: Record<string, WriteSet> = {
        head: {
          ...writeSet,
          heads: writeSet.heads.map((head) => ({ ...head, expected: head.expected - 1n })),
        },
        opened: { ...writeSet, openedAccounts: written.writeSet.openedAccounts },
        facts: { ...writeSet, facts: [...writeSet.facts, ...written.writeSet.facts] },
        entries: { ...writeSet, entries: [...writeSet.entries, ...written.writeSet.entries] },
        keys: { ...writeSet, keys: [...writeSet.keys, ...written.writeSet.keys] },
        reversals: { ...writeSet, reversals: [{ bucket: 0, factSequence: 1n, reversed: -1n }] },
      };
      for (const [part, brokenSet] of Object.entries(broken)) {
        await expect(
          under
            .storage()
            .write(brokenSet)
            .then(() => part),
        ).rejects.toThrow();
        expect([await stateOf(alice, bob), await headOf(alice), await headOf(bob)]).toEqual(before);
      }
      expect(await stateOf(id('carol'))).toEqual([]);

      await under.storage().write(writeSet);
      expect((await stateOf(alice, bob)).map(({ balance }) => balance).sort()).toEqual([51n, 55n]);
    });

    it('writes a change of limits and the movements that need it in one batch', async () => {
      const alice = commands.accountIds()('alice');
      await post(under, commands.open(alice));
      const { writeSet } = await decideOn(under.storage(), [
        submit(commands.update(alice, { limits: { creditLimit: 100n } })),
        submit(commands.withdraw(alice, 80n)),
      ]);
      await under.storage().write(writeSet);
      expect(await stateOf(alice)).toEqual([expect.objectContaining({ balance: -80n, creditLimit: 100n })]);

      const back = await decideOn(under.storage(), [
        submit(commands.deposit(alice, 80n)),
        submit(commands.update(alice, { limits: { creditLimit: 0n } })),
      ]);
      await under.storage().write(back.writeSet);
      expect(await stateOf(alice)).toEqual([expect.objectContaining({ balance: 0n, creditLimit: 0n })]);
    });
  });
}

function describeLocks(under: StorageUnderTest): void {
  describe('withLockedHeads', () => {
    it('keeps other writers of these buckets out until its end, and they are told that they are late', async () => {
      const id = commands.accountIds();
      const submit = (amount: bigint) =>
        commands.submission(commands.deposit(id('alice'), amount), under.buckets);
      const other = await decideOn(under.storage(), [submit(1n)]);
      const mine = await decideOn(under.storage(), [submit(2n)]);
      const order: string[] = [];
      const { buckets } = submit(0n).prepared;
      let late: Promise<void> | undefined;
      await under.storage().withLockedHeads(buckets, async (heads, transaction) => {
        late = under
          .storage()
          .write(other.writeSet)
          .catch((error: unknown) => expect(error).toBeInstanceOf(StaleBatchError))
          .finally(() => order.push('other writer'));
        expect(heads.map(({ bucket }) => bucket)).toEqual(buckets);
        // Several round trips: time enough for a writer that nobody keeps out.
        for (let i = 0; i < 5; i++)
          await transaction.load({ ...NOTHING, accounts: [{ bucket: 0, accountId: 'nobody' }] });
        await transaction.write(mine.writeSet);
        order.push('locked work');
      });
      await late;
      expect(order).toEqual(['locked work', 'other writer']);
    });

    it('commits nothing when its work fails, and the buckets can be written again', async () => {
      const id = commands.accountIds();
      const wanted = commands.submission(commands.deposit(id('alice'), 9n), under.buckets);
      const { writeSet } = await decideOn(under.storage(), [wanted]);
      const failing = under.storage().withLockedHeads(wanted.prepared.buckets, async (_, transaction) => {
        await transaction.write(writeSet);
        throw new Error('a failure after the write');
      });
      await expect(failing).rejects.toThrow('a failure after the write');
      await under.storage().write(writeSet);
    });
  });
}

function describeFindTransaction(under: StorageUnderTest): void {
  describe('findTransaction', () => {
    it('finds a transaction over two buckets by its id, in either case of letters', async () => {
      const [alice, bob] = commands.inTwoBuckets(commands.accountIds(), under.buckets);
      await post(under, commands.deposit(alice, 100n), commands.deposit(bob, 1n));
      const { answers } = await post(under, commands.transfer([alice, bob], 30n));
      const outcome = answers[0]?.outcome;
      if (outcome?.kind !== 'transaction') throw new Error('the transfer was refused');
      const { transactionId } = outcome.transaction;

      const found = await under.storage().findTransaction(transactionId.toUpperCase());
      expect(found).toMatchObject({
        transactionId,
        type: 'TRANSFER',
        legs: [
          { bucket: bucketOf(alice, under.buckets), accountId: alice, currency: 'CHIPS', amount: -30n },
          { bucket: bucketOf(bob, under.buckets), accountId: bob, currency: 'CHIPS', amount: 30n },
        ],
      });
    });

    it('finds nothing under the id of an entry, another time or place, and what is no id at all', async () => {
      const alice = commands.accountIds()('alice');
      const { answers } = await post(under, commands.deposit(alice, 100n));
      const outcome = answers[0]?.outcome;
      if (outcome?.kind !== 'transaction') throw new Error('the deposit was refused');
      const { transactionId, entries } = outcome.transaction;
      const otherTime = `00000000-0000${transactionId.slice(13)}`;
      const otherPlace = transactionId.replace(/.{6}00$/, 'ffffff00');
      const wrong = [entries[0]?.entryId ?? '', otherTime, otherPlace, 'T1', '', `${transactionId}0`];
      for (const id of wrong) expect(await under.storage().findTransaction(id)).toBeUndefined();
    });
  });
}
