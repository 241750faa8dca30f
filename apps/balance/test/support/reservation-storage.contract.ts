import { describe, expect, it } from '@jest/globals';
import { bucketOf } from '@steelyard/domain/accounts';
import { Books, type Command } from '@steelyard/domain/posting';
import type { Reservation } from '@steelyard/domain/reservations';
import { StaleBatchError } from '../../src/application/posting-engine/posting-storage.port.js';
import * as commands from './commands.js';
import { decideOn, type DecideOptions } from './decider.js';
import type { StorageUnderTest } from './storage-under-test.js';

const NOTHING = { accounts: [], reversals: [], reservations: [], pots: [], due: [], nowMs: 0 };
const HOUR_MS = 3_600_000;

/** What is kept of holds and pots, and what is never stored. */
export function describeReservationStorage(under: StorageUnderTest): void {
  const submit = (command: Command) => commands.submission(command, under.buckets);
  const post = async (command: Command, options?: DecideOptions) => {
    const decided = await decideOn(under.storage(), [submit(command)], options);
    await under.storage().write(decided.writeSet);
    return decided.answers[0]?.outcome;
  };
  const refOf = (accountId: string) => ({ bucket: bucketOf(accountId, under.buckets), accountId });
  const reserved = async (command: ReturnType<typeof commands.reserve>): Promise<Reservation> => {
    const outcome = await post(command);
    if (outcome?.kind !== 'reservation') throw new Error(`reserve came to ${JSON.stringify(outcome?.kind)}`);
    return outcome.reservation;
  };
  const funded = async (amount: bigint): Promise<string> => {
    const alice = commands.accountIds()('alice');
    await post(commands.deposit(alice, amount));
    return alice;
  };
  const stored = async (reservation: Reservation) =>
    (await under.storage().load({ ...NOTHING, reservations: [reservation] })).reservations;
  const accountOf = async (accountId: string) =>
    (await under.storage().load({ ...NOTHING, accounts: [refOf(accountId)] })).accounts[0];

  describe('reservations', () => {
    it('gives back a reservation as it was written, for each target and each step', async () => {
      const alice = await funded(1_000n);
      const bob = await funded(1n);
      const targets = [
        { kind: 'world' },
        { kind: 'account', accountId: bob },
        { kind: 'table', tableId: `table-of-${alice}` },
      ] as const;
      for (const target of targets) {
        const reservation = await reserved(commands.reserve(alice, 100n, { target, reference: 'r"1' }));
        expect(await stored(reservation)).toEqual([reservation]);
        const outcome = await post(commands.commit(reservation, { amount: 60n }));
        if (outcome?.kind !== 'reservation') throw new Error('the commit was refused');
        expect(outcome.reservation).toMatchObject({ status: 'COMMITTED', captured: 60n, target });
        expect(await stored(reservation)).toEqual([outcome.reservation]);
      }
      expect(await accountOf(alice)).toMatchObject({ balance: 820n, held: 0n, nextExpiryAtMs: null });
    });

    it('finds what is due on an account, and the earliest expiry of the rest', async () => {
      const alice = await funded(100n);
      const short = await reserved(commands.reserve(alice, 10n, { timeoutMs: 1_000 }));
      const long = await reserved(commands.reserve(alice, 20n, { timeoutMs: 60_000 }));
      const released = await reserved(commands.reserve(alice, 30n, { timeoutMs: 500 }));
      await post(commands.release(released));

      const at = async (nowMs: number) => {
        const [due] = (await under.storage().load({ ...NOTHING, due: [refOf(alice)], nowMs })).due;
        return [due?.reservations.map(({ amount }) => amount), due?.nextExpiryAtMs];
      };
      expect(await at(short.expiresAtMs - 1)).toEqual([[], short.expiresAtMs]);
      expect(await at(short.expiresAtMs)).toEqual([[10n], long.expiresAtMs]);
      expect(await at(long.expiresAtMs)).toEqual([[10n, 20n], null]);
    });

    it('ends what is due before it decides, by the clock of the batch', async () => {
      const alice = await funded(100n);
      const reservation = await reserved(commands.reserve(alice, 100n, { timeoutMs: 1_000 }));
      const late = { now: () => reservation.expiresAtMs };
      expect(await post(commands.withdraw(alice, 100n), late)).toMatchObject({ kind: 'transaction' });
      expect(await stored(reservation)).toMatchObject([{ status: 'EXPIRED', captured: 0n }]);
      expect(await accountOf(alice)).toMatchObject({ balance: 0n, held: 0n, nextExpiryAtMs: null });
    });

    it('refuses to end a reservation that has ended, whatever the batch was decided on', async () => {
      const alice = await funded(100n);
      const reservation = await reserved(commands.reserve(alice, 50n));
      const decided = await decideOn(under.storage(), [submit(commands.release(reservation))]);
      await post(commands.commit(reservation));
      const [head] = await under.storage().heads([reservation.bucket]);
      const { heads, changedAccounts } = decided.writeSet;
      // The heads and versions of the liar are those that are stored: only the reservation's own guard is left.
      const account = await accountOf(alice);
      const forged = {
        ...decided.writeSet,
        heads: heads.map((one) => ({
          ...one,
          expected: head?.sequence ?? 0n,
          expectedWriteId: head?.writeId ?? null,
          next: { ...one.next, sequence: (head?.sequence ?? 0n) + 1n },
        })),
        facts: decided.writeSet.facts.map((fact) => ({
          ...fact,
          key: { ...fact.key, sequence: (head?.sequence ?? 0n) + 1n },
        })),
        changedAccounts: changedAccounts.map((changed) => ({
          ...changed,
          expectedVersion: account?.version ?? 0n,
        })),
      };
      await expect(under.storage().write(forged)).rejects.toThrow(StaleBatchError);
      expect(await stored(reservation)).toMatchObject([{ status: 'COMMITTED' }]);
    });

    it('finds the terms of reservations by their ids, and nothing for any other text', async () => {
      const alice = await funded(100n);
      const reservation = await reserved(commands.reserve(alice, 50n));
      const { reservationId } = reservation;
      const otherTime = `0${reservationId.slice(1)}`;
      const found = await under.storage().findReservations([reservationId, otherTime, 'nonsense', '']);
      expect([...found.keys()]).toEqual([reservationId]);
      expect(found.get(reservationId)).toMatchObject({ accountId: alice, amount: 50n });
    });

    it('takes an hour of clock without reading what is not due', async () => {
      const alice = await funded(100n);
      await reserved(commands.reserve(alice, 10n, { timeoutMs: 2 * HOUR_MS }));
      const asked: unknown[] = [];
      const storage = under.storage();
      const watched: Parameters<typeof decideOn>[0] = {
        heads: (buckets) => storage.heads(buckets),
        loadKeys: (keys) => storage.loadKeys(keys),
        load: (request) => {
          asked.push(...request.due);
          return storage.load(request);
        },
      };
      const now = () => Date.now() + HOUR_MS;
      await decideOn(watched, [submit(commands.withdraw(alice, 1n))], { now });
      expect(asked).toEqual([]);
    });
  });

  describe('pots', () => {
    it('gives back a pot as it was written, and refuses a change that was decided on an older one', async () => {
      const alice = await funded(500n);
      const pot = { tableId: `table-of-${alice}`, handId: 'hand-1' };
      const target = { kind: 'table', tableId: pot.tableId } as const;
      await post(commands.commit(await reserved(commands.reserve(alice, 300n, { target }))));
      await post(commands.contribute(pot, 100n, { accountId: alice }));
      const bucket = bucketOf(`@pot/${pot.tableId}/`, under.buckets);
      const potsNow = async () =>
        (await under.storage().load({ ...NOTHING, pots: [{ ...pot, bucket }] })).pots;
      expect(await potsNow()).toMatchObject([
        {
          ...pot,
          status: 'ACTIVE',
          version: 1n,
          seats: [{ seatId: 1, accountId: alice, contributed: 100n }],
        },
      ]);

      const books = new Books();
      const late = await decideOn(
        under.storage(),
        [submit(commands.contribute(pot, 7n, { accountId: alice }))],
        {
          books,
        },
      );
      await post(commands.contribute(pot, 50n, { accountId: alice }));
      await expect(under.storage().write(late.writeSet)).rejects.toThrow(StaleBatchError);
      expect(await potsNow()).toMatchObject([{ version: 2n, seats: [{ contributed: 150n }] }]);
    });
  });
}
