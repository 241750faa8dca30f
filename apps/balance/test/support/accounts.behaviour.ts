import { describe, expect, it } from '@jest/globals';
import type { BalanceCalls } from './balance-calls.js';
import { accountIds } from './commands.js';
import { accountIn, NO_DETAILS, NO_LIMITS, refusalIn, wire } from './wire.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;

/** What the service promises about accounts and their limits. */
export function describeAccounts({ client, execute, read }: BalanceCalls): void {
  describe('accounts', () => {
    it('are opened once with all that they have, and read as they are', async () => {
      const alice = accountIds()('alice');
      const opening = wire.open(alice, {
        currency: 'EUR',
        initialBalance: 250n,
        tier: 'gold',
        holderId: `${alice}-holder`,
        limits: { ...NO_LIMITS, creditLimit: 100n, minimumHold: 5n, maxBalance: 1_000n },
        details: { ...NO_DETAILS, agentId: 'agent-1', metadataJson: '{"b":1,"a":"ž"}' },
      });
      const [opened] = await execute(opening);
      expect(opened?.result).toMatchObject({ value: { created: true } });
      const expected = {
        accountId: alice,
        currency: 'EUR',
        balance: 250n,
        held: 0n,
        availableBalance: 345n,
        version: 2n,
        sequence: 1n,
        status: 'active',
        tier: 'gold',
        holderId: `${alice}-holder`,
        agentId: 'agent-1',
        creditLimit: 100n,
        minimumHold: 5n,
        maxBalance: 1_000n,
        warningThreshold: undefined,
        metadataJson: '{"a":"ž","b":1}',
      };
      expect(accountIn(opened)).toMatchObject(expected);
      expect(await read(alice)).toEqual([accountIn(opened)]);

      const [again] = await execute(wire.open(alice, { initialBalance: 7n }));
      expect(again?.result).toMatchObject({ value: { created: false, account: expected } });
    });

    it('of one holder are found by the holder, one a currency', async () => {
      const id = accountIds();
      const holderId = id('holder');
      await execute(
        wire.open(id('czk'), { currency: 'CZK', holderId }),
        wire.open(id('usd'), { currency: 'USD', holderId }),
        wire.open(id('other'), { currency: 'USD', holderId: id('another') }),
      );
      const { accounts } = await client().call('getHolderAccounts', { holderId });
      expect(accounts.map(({ accountId, currency }) => [accountId, currency])).toEqual([
        [id('czk'), 'CZK'],
        [id('usd'), 'USD'],
      ]);
    });

    it('that do not exist are absent from what is read, and asked twice are read once', async () => {
      const id = accountIds();
      await execute(wire.open(id('alice')));
      expect((await read(id('alice'), id('nobody'), id('alice'))).map((one) => one.accountId)).toEqual([
        id('alice'),
      ]);
    });

    it('change limits, ownership and metadata, and keep what is not named', async () => {
      const alice = accountIds()('alice');
      await execute(wire.open(alice, { tier: 'gold', holderId: 'h' }));
      const [updated] = await execute(
        wire.update(alice, {
          holderId: '',
          limits: { ...NO_LIMITS, unlimitedCredit: true, warningThreshold: 3n },
          metadataJson: '{"x":1}',
        }),
      );
      expect(accountIn(updated)).toMatchObject({
        tier: 'gold',
        holderId: undefined,
        creditLimit: undefined,
        availableBalance: AMOUNT_MAX,
        warningThreshold: 3n,
        metadataJson: '{"x":1}',
        version: 2n,
      });
    });

    it('are frozen, unfrozen and closed, and refuse movements meanwhile', async () => {
      const alice = accountIds()('alice');
      const outcomes = await execute(
        wire.deposit(alice, { amount: 5n }),
        wire.status(alice, 'frozen'),
        wire.deposit(alice),
        wire.withdraw(alice),
        wire.status(alice, 'active'),
        wire.status(alice, 'closed'),
        wire.withdraw(alice, { amount: 5n }),
        wire.status(alice, 'closed'),
        wire.deposit(alice),
        wire.status(alice, 'active'),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'transaction',
        'account',
        'ACCOUNT_FROZEN accountId',
        'ACCOUNT_FROZEN accountId',
        'account',
        'ACCOUNT_NOT_EMPTY accountId',
        'transaction',
        'account',
        'ACCOUNT_CLOSED accountId',
        'ACCOUNT_CLOSED accountId',
      ]);
    });
  });
}
