import { describe, expect, it } from '@jest/globals';
import { checksumOf, GENESIS } from '@steelyard/domain/ledger-chain';
import type { BalanceCalls } from './balance-calls.js';
import { accountIds } from './commands.js';
import { NO_DETAILS, refusalIn, transactionIn, wire } from './wire.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;

/** What the service promises about every way in which money moves. */
export function describeMovements({ execute, read }: BalanceCalls): void {
  describe('movements', () => {
    it('of every kind carry their type, both entries and the balances around them', async () => {
      const id = accountIds();
      const [alice, bob] = [id('alice'), id('bob')];
      const outcomes = await execute(
        wire.deposit(alice, { amount: 100n, details: { ...NO_DETAILS, source: 'BONUS' } }),
        wire.deposit(bob, { amount: 1n }),
        wire.withdraw(alice, { amount: 10n }),
        wire.change(alice, { amount: -5n, changeType: 'wager' }),
        wire.change(alice, { amount: 8n, changeType: 'settlement' }),
        wire.change(alice, { amount: -3n, changeType: 'adjustment' }),
        wire.transfer({ fromAccountId: alice, toAccountId: bob, amount: 20n, type: 'REFUND' }),
      );
      const shown = outcomes
        .map(transactionIn)
        .map(({ type, amount, entries }) => [
          type,
          amount,
          ...entries
            .map((entry) => `${entry.accountId} ${entry.balanceBefore}>${entry.balanceAfter}`)
            .slice(0, 1),
        ]);
      expect(shown).toEqual([
        ['BONUS', 100n, `${alice} 0>100`],
        ['DEPOSIT', 1n, `${bob} 0>1`],
        ['WITHDRAW', 10n, `${alice} 100>90`],
        ['WAGER', 5n, `${alice} 90>85`],
        ['SETTLEMENT', 8n, `${alice} 85>93`],
        ['ADJUSTMENT', 3n, `${alice} 93>90`],
        ['REFUND', 20n, `${alice} 90>70`],
      ]);
      expect(transactionIn(outcomes[6]).entries[1]).toMatchObject({
        accountId: bob,
        amount: 20n,
        balanceBefore: 1n,
        balanceAfter: 21n,
        sequence: 2n,
      });
    });

    it.each([
      ['REFERRAL', 'REFERRAL'],
      ['bonus', 'DEPOSIT'],
      ['constructor', 'DEPOSIT'],
      ['__proto__', 'DEPOSIT'],
    ])('deposited from "%s" are a %s', async (source, type) => {
      const alice = accountIds()('alice');
      const [outcome] = await execute(wire.deposit(alice, { details: { ...NO_DETAILS, source } }));
      expect(transactionIn(outcome).type).toBe(type);
    });

    it('carry an amount of 2^53 - 1 exactly and refuse one unit more', async () => {
      const alice = accountIds()('alice');
      const outcomes = await execute(
        wire.deposit(alice, { amount: AMOUNT_MAX, currency: 'JPY' }),
        wire.deposit(alice, { amount: AMOUNT_MAX + 1n, currency: 'JPY' }),
        wire.deposit(alice, { amount: 9_223_372_036_854_775_807n, currency: 'JPY' }),
        wire.deposit(alice, { amount: 1n, currency: 'JPY' }),
        wire.withdraw(alice, { amount: AMOUNT_MAX, currency: 'JPY' }),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'transaction',
        'AMOUNT_OUT_OF_RANGE amount',
        'AMOUNT_OUT_OF_RANGE amount',
        'AMOUNT_OUT_OF_RANGE amount',
        'transaction',
      ]);
      expect(transactionIn(outcomes[0]).entries[0]?.balanceAfter).toBe(AMOUNT_MAX);
    });

    it('link each entry to the one before by a checksum that anyone can compute', async () => {
      const alice = accountIds()('alice');
      const details = { ...NO_DETAILS, reason: 'rent', metadataJson: '{"z":1,"a":[true,null]}' };
      let previousChecksum = GENESIS;
      for (const amount of [5n, 7n]) {
        const { entries, ...transaction } = transactionIn(
          (await execute(wire.deposit(alice, { amount, details })))[0],
        );
        const [entry] = entries;
        if (entry === undefined) throw new Error('a transaction has entries');
        expect(transaction.metadataJson).toBe('{"a":[true,null],"reason":"rent","z":1}');
        previousChecksum = checksumOf({
          ...entry,
          transactionId: transaction.transactionId,
          type: transaction.type,
          metadataJson: transaction.metadataJson,
          timestamp: new Date(Number(transaction.committedAtMs)).toISOString(),
          previousChecksum,
        });
        expect((await read(alice))[0]?.latestChecksum).toBe(previousChecksum);
      }
    });

    it('between currencies need a rate, round down, and keep both currencies whole', async () => {
      const id = accountIds();
      const [eur, jpy] = [id('eur'), id('jpy')];
      const pair = { fromAccountId: eur, toAccountId: jpy, amount: 1_001n };
      const outcomes = await execute(
        wire.deposit(eur, { amount: 10_000n, currency: 'EUR' }),
        wire.open(jpy, { currency: 'JPY' }),
        wire.transfer(pair),
        wire.transfer({ ...pair, rate: '161.237' }),
        wire.transfer({ ...pair, rate: '0.000001' }),
        wire.transfer({ ...pair, rate: '-1' }),
      );
      expect(outcomes.slice(2).map(refusalIn)).toEqual([
        'RATE_REQUIRED rate',
        'transaction',
        'INVALID_AMOUNT amount',
        'INVALID_AMOUNT rate',
      ]);
      const conversion = transactionIn(outcomes[3]);
      expect(conversion.type).toBe('CONVERSION');
      expect(conversion.entries.map(({ currency, amount }) => [currency, amount])).toEqual([
        ['EUR', -1_001n],
        ['EUR', 1_001n],
        ['JPY', 1_613n],
        ['JPY', -1_613n],
      ]);
      expect(conversion.metadataJson).toContain('"rate":"161.237"');
    });

    it('are reversed in parts and never beyond what was moved', async () => {
      const alice = accountIds()('alice');
      const [deposited] = await execute(wire.deposit(alice, { amount: 100n }));
      const { transactionId } = transactionIn(deposited);
      const outcomes = await execute(
        wire.reverse(transactionId, 30n),
        wire.reverse(transactionId, 71n),
        wire.reverse(transactionId),
        wire.reverse(transactionId),
        wire.reverse('01890000-0000-7000-8000-000000000000'),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'transaction',
        'REVERSAL_EXCEEDS_TRANSACTION amount',
        'transaction',
        'ALREADY_REVERSED transactionId',
        'TRANSACTION_NOT_FOUND transactionId',
      ]);
      const reversal = transactionIn(outcomes[2]);
      expect([reversal.type, reversal.amount, reversal.entries[0]?.balanceAfter]).toEqual([
        'REVERSAL',
        70n,
        0n,
      ]);
      expect(JSON.parse(reversal.metadataJson)).toEqual({ reverses: transactionId });
      const [again] = await execute(wire.reverse(reversal.transactionId));
      expect(refusalIn(again)).toBe('NOT_REVERSIBLE transactionId');
    });

    it('in an atomic group all happen or none', async () => {
      const id = accountIds();
      const [alice, bob] = [id('alice'), id('bob')];
      const outcomes = await execute(
        wire.deposit(alice, { amount: 10n }, { group: 1 }),
        wire.transfer({ fromAccountId: alice, toAccountId: bob, amount: 5n }, { group: 1 }),
        wire.deposit(bob, { amount: 3n }),
        wire.deposit(bob, { amount: 0n }, { group: 2 }),
        wire.deposit(bob, { amount: 4n }, { group: 2 }),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'ATOMIC_BATCH_REFUSED',
        'ACCOUNT_NOT_FOUND to',
        'transaction',
        'INVALID_AMOUNT amount',
        'ATOMIC_BATCH_REFUSED',
      ]);
      expect((await read(alice, bob)).map(({ accountId, balance }) => [accountId, balance])).toEqual([
        [bob, 3n],
      ]);
    });

    it('that are only asked answer as they would and write nothing', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 10n }));
      const before = await read(alice);
      const outcomes = await execute(
        wire.withdraw(alice, { amount: 4n }, { isDryRun: true, key: '' }),
        wire.withdraw(alice, { amount: 11n }, { isDryRun: true, key: '' }),
      );
      expect(transactionIn(outcomes[0]).entries[0]?.balanceAfter).toBe(6n);
      expect(refusalIn(outcomes[1])).toBe('INSUFFICIENT_BALANCE amount');
      expect(await read(alice)).toEqual(before);
    });
  });
}
