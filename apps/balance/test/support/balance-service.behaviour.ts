import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { checksumOf, GENESIS } from '@steelyard/domain/ledger-chain';
import { RpcError, type RpcClient } from '@steelyard/platform/rpc';
import { accountIds } from './commands.js';
import { accountIn, NO_DETAILS, NO_LIMITS, refusalIn, transactionIn, wire } from './wire.js';

export type BalanceClient = RpcClient<typeof balanceV1.BalanceServiceService>;

const AMOUNT_MAX = 9_007_199_254_740_991n;

/** What the service promises, over whichever transport the client speaks. */
export function describeBalanceService(client: () => BalanceClient): void {
  const execute = async (...commands: balanceV1.Command[]): Promise<balanceV1.Outcome[]> =>
    (await client().call('execute', { commands })).outcomes;
  const read = async (...ids: string[]): Promise<balanceV1.Account[]> =>
    (await client().call('getAccounts', { accountIds: ids })).accounts;

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

  describe('malformed requests', () => {
    const alice = 'alice';
    const cases: readonly [string, balanceV1.Command, string][] = [
      ['no body', { idempotencyKey: 'k', atomicGroup: 0, dryRun: false, body: undefined }, 'INVALID_REQUEST'],
      ['no key', wire.deposit(alice, {}, { key: '' }), 'MISSING_IDEMPOTENCY_KEY idempotencyKey'],
      [
        'a key of 256 characters',
        wire.deposit(alice, {}, { key: 'k'.repeat(256) }),
        'INVALID_IDEMPOTENCY_KEY idempotencyKey',
      ],
      [
        'a key that is not ASCII',
        wire.deposit(alice, {}, { key: 'klíč' }),
        'INVALID_IDEMPOTENCY_KEY idempotencyKey',
      ],
      ['no account', wire.deposit(''), 'INVALID_ACCOUNT_ID accountId'],
      ['a system account', wire.deposit('@world/CHIPS'), 'INVALID_ACCOUNT_ID accountId'],
      ['a long account id', wire.deposit('a'.repeat(129)), 'INVALID_ACCOUNT_ID accountId'],
      ['nothing to deposit', wire.deposit(alice, { amount: 0n }), 'INVALID_AMOUNT amount'],
      ['a negative deposit', wire.deposit(alice, { amount: -1n }), 'INVALID_AMOUNT amount'],
      ['the smallest integer', wire.withdraw(alice, { amount: -(2n ** 63n) }), 'AMOUNT_OUT_OF_RANGE amount'],
      ['a change of nothing', wire.change(alice, { amount: 0n }), 'INVALID_AMOUNT amount'],
      ['a wager that pays', wire.change(alice, { amount: 1n, changeType: 'wager' }), 'INVALID_AMOUNT amount'],
      ['an unknown change', wire.change(alice, { changeType: 'toString' }), 'INVALID_REQUEST changeType'],
      [
        'a transfer to oneself',
        wire.transfer({ fromAccountId: alice, toAccountId: alice }),
        'SAME_ACCOUNT to',
      ],
      [
        'a transfer named POT_WIN',
        wire.transfer({ fromAccountId: alice, toAccountId: 'b', type: 'POT_WIN' }),
        'INVALID_REQUEST type',
      ],
      ['an unknown currency', wire.open('new-account', { currency: 'XXX' }), 'INVALID_CURRENCY currency'],
      [
        'a negative opening',
        wire.open('new-account', { initialBalance: -1n }),
        'INVALID_AMOUNT initialBalance',
      ],
      [
        'a negative limit',
        wire.open('new-account', { limits: { ...NO_LIMITS, minimumHold: -1n } }),
        'INVALID_AMOUNT limits.minimumHold',
      ],
      ['an unknown status', wire.status(alice, 'deleted'), 'INVALID_REQUEST status'],
      [
        'metadata that are a list',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '[]' } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata that are no JSON',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '{' } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata with an infinite number',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '{"a":1e999}' } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata of 17 KiB',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: `{"a":"${'x'.repeat(17 * 1024)}"}` } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata that are too deep',
        wire.deposit(alice, {
          details: { ...NO_DETAILS, metadataJson: `${'{"a":'.repeat(40)}1${'}'.repeat(40)}` },
        }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata under a reserved name',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '{"reverses":"x"}' } }),
        'INVALID_METADATA metadata.reverses',
      ],
      [
        'a reason with a control character',
        wire.deposit(alice, { details: { ...NO_DETAILS, reason: 'a\u0000b' } }),
        'INVALID_REQUEST reason',
      ],
      [
        'a business time after the year 9999',
        wire.deposit(alice, { details: { ...NO_DETAILS, effectiveAtMs: 253_402_300_800_000n } }),
        'INVALID_REQUEST effectiveAt',
      ],
      ['a transaction id that is none', wire.reverse("'; drop table"), 'TRANSACTION_NOT_FOUND transactionId'],
    ];

    it.each(cases)('refuses %s', async (_, command, refusal) => {
      const [outcome] = await execute(command);
      expect(refusalIn(outcome)).toBe(refusal);
    });

    it('wrote nothing', async () => {
      expect(await read(alice, 'new-account', '@world/CHIPS')).not.toContainEqual(
        expect.objectContaining({ accountId: alice }),
      );
    });

    it('refuses more commands or ids than one request may carry', async () => {
      const commands = Array.from({ length: 5_001 }, () => wire.open('x', {}, { key: '' }));
      const tooMany = await client()
        .call('execute', { commands })
        .catch((error: unknown) => error);
      expect(tooMany).toBeInstanceOf(RpcError);
      expect(tooMany).toMatchObject({ status: 'INVALID_ARGUMENT' });
      const ids = Array.from({ length: 1_001 }, (_, i) => `a${i}`);
      const alsoTooMany = client().call('getAccounts', { accountIds: ids });
      await expect(alsoTooMany).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
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
