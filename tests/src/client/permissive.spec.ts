import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  grpcTransport,
  migratingClient,
  SteelyardClient,
  type Discrepancy,
  type MigratingClient,
} from '@steelyard/client';
import { useDatabase } from '@steelyard/testing/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { found } from './support/results.js';

const CHILD = fileURLToPath(new URL('../../../libs/client/test/support/journal-child.mjs', import.meta.url));
const JOURNALLED_COUNT = 1_200;
/** While the service is there it is waited for, longer than for any commit; when it is away, calls fail at once. */
const PATIENCE = { deadlineMs: 60_000, attemptTimeoutMs: 60_000 };
/** From before the first answer of a replay to behind the last one. */
const KILL_AFTER_MS = [0, 4, 15, 40];

describe('a permissive client and a balance service that dies', () => {
  const database = useDatabase();
  let balance: RunningApp;
  let address: string;
  let directory: string;
  let client: MigratingClient;
  let discrepancies: Discrepancy[];

  beforeAll(async () => {
    balance = await startApp('balance', { DATABASE_URL: database.url, LOG_LEVEL: 'warn' });
    address = balance.grpcTarget ?? '';
  });
  afterAll(() => balance.stop());

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steelyard-game-'));
    discrepancies = [];
    client = await open();
  });
  afterEach(async () => {
    await client.close();
    await rm(directory, { recursive: true });
    if (balance.pid === undefined) await balance.restart();
  });

  function open(): Promise<MigratingClient> {
    const steelyard = new SteelyardClient({ transport: grpcTransport({ address }), ...PATIENCE });
    const onDiscrepancy = (discrepancy: Discrepancy): void => void discrepancies.push(discrepancy);
    const journal = { directory, onDiscrepancy, replayAfterMs: 50, replayAfterMaxMs: 200 };
    return migratingClient({ mode: 'permissive', steelyard, journal });
  }

  async function replayed(): Promise<void> {
    while ((await client.journal?.replay())?.pending !== 0) await delay(50);
  }

  async function balanceOf(accountId: string): Promise<bigint> {
    return found(await client.accounts.balance(accountId)).balance;
  }

  it('lets the game go on, and has the books right when it is back', async () => {
    const [accountId, tableId] = ['alice', 'table-1'];
    await client.accounts.deposit({ accountId, amount: 100n });
    await balance.kill9();
    const journalled = { ok: true, journalled: true };
    expect(await client.accounts.withdraw({ accountId, amount: 30n })).toMatchObject(journalled);
    expect(await client.tables.buyIn({ accountId, tableId, amount: 20n })).toMatchObject(journalled);
    const hand = { tableId, handId: 'hand-1', seatId: 1 };
    await client.tables.contribute({ ...hand, accountId, amount: 15n, type: 'BET' });
    await client.tables.settle({ ...hand, winners: [{ seatId: 1, accountId: 'bob', amount: 15n }] });
    await client.accounts.withdraw({ accountId, amount: 1_000n }, { idempotencyKey: 'too-much' });
    await balance.restart();
    await replayed();
    expect(await balanceOf(accountId)).toBe(50n);
    expect(await balanceOf('bob')).toBe(15n);
    expect(found(await client.tables.table(tableId)).escrow).toBe(5n);
    expect(discrepancies).toMatchObject([
      {
        reason: 'refused',
        operation: { idempotencyKey: 'too-much' },
        refusal: { code: 'INSUFFICIENT_BALANCE' },
      },
    ]);
  });

  it('holds and commits under a provisional name, before the replay and after it', async () => {
    const accountId = 'carol';
    await client.accounts.deposit({ accountId, amount: 100n });
    await balance.kill9();
    const reserve = async (amount: bigint): Promise<string> => {
      const held = await client.reservations.reserve({ accountId, amount });
      return (held.ok && held.journalled && held.reservationId) || '';
    };
    const [first, second, refused] = [await reserve(40n), await reserve(10n), await reserve(1_000n)];
    await client.reservations.commit({ reservationId: first, amount: 30n });
    // The name outlives the process that was given it.
    await client.close();
    client = await open();
    await client.reservations.commit({ reservationId: refused });
    await balance.restart();
    await replayed();
    expect(await balanceOf(accountId)).toBe(70n);
    expect(discrepancies.map(({ operation, refusal }) => [operation?.kind, refusal?.code])).toEqual([
      ['reserve', 'INSUFFICIENT_BALANCE'],
      ['commit', 'RESERVATION_NOT_FOUND'],
    ]);
    expect(await client.reservations.commit({ reservationId: second })).toMatchObject({
      ok: true,
      replayed: false,
    });
    expect(await balanceOf(accountId)).toBe(60n);
    expect(found(await client.reservations.get(first))).toMatchObject({ status: 'COMMITTED', captured: 30n });
    const lost = await client.reservations.release({ reservationId: refused });
    expect(lost).toMatchObject({ ok: false, error: { code: 'RESERVATION_NOT_FOUND' } });
  });

  it('has every journalled operation take effect once, however often the game is killed meanwhile', async () => {
    await client.close();
    await balance.kill9();
    const appended = start('append');
    while (appended.lines.length <= JOURNALLED_COUNT) await once(appended.output, 'line');
    await appended.kill9();
    await balance.restart();
    for (const afterMs of KILL_AFTER_MS) {
      const replaying = start('replay');
      await once(replaying.output, 'line');
      await delay(afterMs);
      await replaying.kill9();
    }
    client = await open();
    await replayed();
    expect(discrepancies).toEqual([]);
    const acknowledged = BigInt(appended.lines.length - 1);
    // One more may have been written when the process died, whose caller was not told.
    expect([acknowledged, acknowledged + 1n]).toContain(await balanceOf('killed-game'));
  });

  function start(task: 'append' | 'replay') {
    const child = spawn(process.execPath, [CHILD, task, address, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    // It may end by itself before it is killed.
    const ended = once(child, 'close');
    const kill9 = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    return { lines, output, kill9 };
  }
});
