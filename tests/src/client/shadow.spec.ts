import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  grpcTransport,
  legacyMovement,
  LegacyPathMissingError,
  migratingClient,
  SteelyardClient,
  type Difference,
  type LegacyPath,
  type LegacyResult,
  type MigratingClient,
  type MigrationMode,
  type Movement,
  type Reservation,
} from '@steelyard/client';
import { useDatabase } from '@steelyard/testing/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { found } from './support/results.js';

const INSUFFICIENT = { ok: false, error: { code: 'INSUFFICIENT_BALANCE', message: 'not enough' } } as const;

/** The program that is being replaced: a wallet in memory with ids of its own. */
class OldWallet {
  readonly balances = new Map<string, bigint>();
  readonly #holds = new Map<string, Reservation>();
  /** Makes it grant less than it should. */
  reserveOfTheHouse = 0n;

  readonly path: LegacyPath = {
    operations: {
      deposit: async ({ accountId, amount }) => this.#move('DEPOSIT', accountId, amount),
      withdraw: async ({ accountId, amount }) => {
        if (this.#of(accountId) - this.reserveOfTheHouse < amount) return INSUFFICIENT;
        return this.#move('WITHDRAW', accountId, amount);
      },
      reserve: async ({ accountId, amount }) => {
        const value = this.#hold(accountId, amount);
        this.#holds.set(value.reservationId, value);
        return { ok: true, value };
      },
      commit: async ({ reservationId }) => {
        const hold = this.#holds.get(reservationId);
        if (!hold) return { ok: false, error: { code: 'RESERVATION_NOT_FOUND', message: 'no such hold' } };
        this.#move('WITHDRAW', hold.accountId, hold.amount);
        const balanceAfter = this.#of(hold.accountId);
        const committed = { status: 'COMMITTED', captured: hold.amount, balanceAfter } as const;
        return { ok: true, value: { ...hold, ...committed, availableAfter: balanceAfter } };
      },
      contribute: () => Promise.reject(new Error('the old path is broken')),
    },
    queries: {
      balance: async ({ accountId }) => {
        const balance = this.#of(accountId);
        const asOf = new Date();
        const value = {
          accountId,
          balance,
          availableBalance: balance,
          held: 0n,
          currency: 'CHIPS',
          version: 0n,
        };
        return { ok: true, value: { ...value, asOf, stale: false } };
      },
    },
  };

  #of(accountId: string): bigint {
    return this.balances.get(accountId) ?? 0n;
  }

  #move(type: string, accountId: string, amount: bigint): LegacyResult<Movement> {
    const balanceAfter = this.#of(accountId) + (type === 'WITHDRAW' ? -amount : amount);
    this.balances.set(accountId, balanceAfter);
    return { ok: true, value: legacyMovement({ type, accountId, amount, balanceAfter }) };
  }

  #hold(accountId: string, amount: bigint): Reservation {
    const balanceAfter = this.#of(accountId);
    return {
      reservationId: `old-hold-${this.#holds.size}`,
      accountId,
      currency: 'CHIPS',
      status: 'HELD',
      amount,
      captured: 0n,
      metadata: {},
      createdAt: new Date(),
      expiresAt: new Date(),
      balanceAfter,
      availableAfter: balanceAfter - amount,
    };
  }
}

describe('a client of both paths', () => {
  const database = useDatabase();
  let balance: RunningApp;
  let old: OldWallet;
  let differences: Difference[];
  let names = 0;
  const clients: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    balance = await startApp('balance', { DATABASE_URL: database.url, LOG_LEVEL: 'warn' });
  });
  afterAll(() => balance.stop());

  beforeEach(() => {
    old = new OldWallet();
    differences = [];
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  /** One attempt, which waits longer than the service itself does for a commit, unless it is about to be away. */
  function service(deadlineMs = 60_000): SteelyardClient {
    const made = new SteelyardClient({
      transport: grpcTransport({ address: balance.grpcTarget ?? '' }),
      deadlineMs,
      attemptTimeoutMs: deadlineMs,
      circuit: { failuresToOpen: 1_000 },
    });
    clients.push(made);
    return made;
  }

  async function open(mode: MigrationMode, steelyard = service()): Promise<MigratingClient> {
    const onDifference = (difference: Difference): void => void differences.push(difference);
    const client = await migratingClient({ mode, steelyard, legacy: old.path, onDifference });
    clients.push(client);
    return client;
  }

  const fresh = (): string => `player-${names++}`;
  const oursOf = async (accountId: string): Promise<bigint> =>
    found(await service().accounts.balance(accountId)).balance;

  it('has nothing to report while both agree', async () => {
    const client = await open('shadow');
    const accountId = fresh();
    const deposited = await client.accounts.deposit({ accountId, amount: 10n });
    expect(deposited).toMatchObject({
      ok: true,
      value: { balanceAfter: 10n, transactionId: expect.stringMatching(/^legacy-/) },
    });
    await client.accounts.withdraw({ accountId, amount: 4n });
    expect(await client.accounts.withdraw({ accountId, amount: 7n })).toMatchObject(INSUFFICIENT);
    expect(await client.accounts.balance(accountId)).toMatchObject({ value: { balance: 6n } });
    await client.settled();
    expect(differences).toEqual([]);
    expect(await oursOf(accountId)).toBe(6n);
  });

  it('follows in the order of the old path, however fast that is', async () => {
    const client = await open('shadow');
    const accountId = fresh();
    for (let i = 1n; i <= 50n; i++) await client.accounts.deposit({ accountId, amount: i });
    await client.settled();
    expect(differences).toEqual([]);
    expect(await oursOf(accountId)).toBe(1_275n);
  });

  it('reports another balance, and the old one is what the caller gets', async () => {
    const client = await open('shadow');
    const accountId = fresh();
    old.balances.set(accountId, 5n);
    const options = { idempotencyKey: 'k' };
    expect(await client.accounts.deposit({ accountId, amount: 10n }, options)).toMatchObject({
      value: { balanceAfter: 15n },
    });
    await client.settled();
    expect(differences).toMatchObject([
      {
        kind: 'deposit',
        idempotencyKey: 'k',
        input: { accountId, amount: 10n },
        mismatches: [
          { member: 'balanceBefore', legacy: 5n, steelyard: 0n },
          { member: 'balanceAfter', legacy: 15n, steelyard: 10n },
        ],
      },
    ]);
  });

  it('takes back what it granted and the old path refused', async () => {
    const client = await open('shadow');
    const accountId = fresh();
    await client.accounts.deposit({ accountId, amount: 10n });
    old.reserveOfTheHouse = 8n;
    expect(await client.accounts.withdraw({ accountId, amount: 5n })).toMatchObject(INSUFFICIENT);
    await client.settled();
    expect(differences).toMatchObject([
      { kind: 'withdraw', undone: true, mismatches: [{ member: 'ok', legacy: false, steelyard: true }] },
    ]);
    expect(await oursOf(accountId)).toBe(10n);
  });

  it('reports what only the old path grants', async () => {
    const client = await open('shadow');
    const accountId = fresh();
    old.balances.set(accountId, 100n);
    expect(await client.accounts.withdraw({ accountId, amount: 50n })).toMatchObject({ ok: true });
    await client.settled();
    expect(differences).toMatchObject([
      { legacy: { ok: true }, steelyard: { ok: false, error: { code: 'ACCOUNT_NOT_FOUND' } } },
    ]);
  });

  it('knows its own reservation by the name that the old path gave its', async () => {
    const client = await open('shadow');
    const accountId = fresh();
    await client.accounts.deposit({ accountId, amount: 10n });
    const held = await client.reservations.reserve({ accountId, amount: 4n });
    const reservationId = held.ok && !held.journalled ? held.value.reservationId : '';
    expect(reservationId).toMatch(/^old-hold/);
    await client.reservations.commit({ reservationId });
    await client.settled();
    expect(differences).toEqual([]);
    expect(await oursOf(accountId)).toBe(6n);
  });

  it('is not in the way when the new path is away', async () => {
    const client = await open('shadow', service(2_000));
    const accountId = fresh();
    await balance.kill9();
    try {
      expect(await client.accounts.deposit({ accountId, amount: 10n })).toMatchObject({ ok: true });
      await client.settled();
      expect(differences).toMatchObject([
        { kind: 'deposit', failure: { name: 'SteelyardUnavailableError' } },
      ]);
    } finally {
      await balance.restart();
    }
  });

  it('gives the error of the old path to the caller, and leaves the new one alone', async () => {
    const client = await open('shadow');
    const bet = { tableId: 't', handId: 'h', seatId: 1, accountId: 'a', amount: 1n, type: 'BET' } as const;
    await expect(client.tables.contribute(bet)).rejects.toThrow('the old path is broken');
    await client.settled();
    expect(differences).toEqual([]);
  });

  it('asks the old path alone when it is off', async () => {
    const client = await open('off');
    const accountId = fresh();
    await client.accounts.deposit({ accountId, amount: 10n });
    expect(old.balances.get(accountId)).toBe(10n);
    expect(await service().accounts.balance(accountId)).toMatchObject({ ok: false });
    await expect(client.tables.table('t')).rejects.toThrow(LegacyPathMissingError);
  });

  it('asks the new path alone when it is enforced', async () => {
    const client = await open('enforce');
    const accountId = fresh();
    await client.accounts.deposit({ accountId, amount: 10n });
    expect(old.balances.has(accountId)).toBe(false);
    expect(await oursOf(accountId)).toBe(10n);
  });

  it.each([
    ['off', 'legacy'],
    ['shadow', 'legacy'],
    ['permissive', 'journal'],
  ] as const)('says that the mode %s needs %s', async (mode, name) => {
    await expect(migratingClient({ mode, steelyard: service() })).rejects.toThrow(
      `needs the setting ${name}`,
    );
  });
});
