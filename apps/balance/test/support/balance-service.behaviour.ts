import { describe, expect, it } from '@jest/globals';
import { describeAccounts } from './accounts.behaviour.js';
import { balanceCalls, type BalanceCalls, type BalanceClient } from './balance-calls.js';
import { accountIds } from './commands.js';
import { describeMalformedRequests } from './malformed-requests.behaviour.js';
import { describeMovements } from './movements.behaviour.js';
import { describeReservations } from './reservations.behaviour.js';
import { describeTablesAndPots } from './tables-and-pots.behaviour.js';
import { refusalIn, transactionIn, wire } from './wire.js';

/** What the service promises, over whichever transport the client speaks. */
export function describeBalanceService(client: () => BalanceClient): void {
  const calls = balanceCalls(client);
  describeAccounts(calls);
  describeMovements(calls);
  describeReservations(calls);
  describeTablesAndPots(calls);
  describeRequests(calls);
  describeMalformedRequests(calls);
}

function describeRequests({ execute, read }: BalanceCalls): void {
  describe('idempotency', () => {
    it('gives the first answer again, marked, refusals too, and refuses another body', async () => {
      const alice = accountIds()('alice');
      const key = `${alice}-key`;
      const [first] = await execute(wire.deposit(alice, { amount: 5n }, { key }));
      const [again, conflict] = await execute(
        wire.deposit(alice, { amount: 5n }, { key }),
        wire.deposit(alice, { amount: 6n }, { key }),
      );
      expect(first?.replayed).toBe(false);
      expect(again).toEqual({ ...first, replayed: true });
      expect(refusalIn(conflict)).toBe('IDEMPOTENCY_CONFLICT idempotencyKey');

      const refused = wire.withdraw(alice, { amount: 6n });
      const [no] = await execute(refused);
      await execute(wire.deposit(alice, { amount: 100n }));
      expect(await execute(refused)).toEqual([{ ...no, replayed: true }]);
    });

    it('belongs to the paying account: another account may use the same key', async () => {
      const id = accountIds();
      const key = id('key');
      const outcomes = await execute(
        wire.deposit(id('a'), { amount: 5n }, { key }),
        wire.deposit(id('b'), { amount: 6n }, { key }),
      );
      expect(outcomes.map(refusalIn)).toEqual(['transaction', 'transaction']);
    });
  });

  it('shows a system account as one sum over all buckets', async () => {
    const id = accountIds();
    const deposits = Array.from({ length: 20 }, (_, i) =>
      wire.deposit(id(`a${i}`), { amount: BigInt(i + 1), currency: 'NOK' }),
    );
    await execute(...deposits);
    expect(await read('@world/NOK')).toEqual([
      expect.objectContaining({ accountId: '@world/NOK', balance: -210n, sequence: 20n, latestChecksum: '' }),
    ]);
  });

  it('answers 5,000 commands of one request in their order', async () => {
    const alice = accountIds()('alice');
    const outcomes = await execute(
      ...Array.from({ length: 5_000 }, (_, i) => wire.deposit(alice, {}, { key: `${alice}-${i}` })),
    );
    expect(outcomes.map((outcome) => transactionIn(outcome).entries[0]?.balanceAfter)).toEqual(
      Array.from({ length: 5_000 }, (_, i) => BigInt(i + 1)),
    );
  });
}
