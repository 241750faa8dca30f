import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grpcTransport, SteelyardClient } from '@steelyard/client';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { startPoker, type PokerProcess, type Reply } from './poker-process.js';
import { startRelay, type Relay } from './relay.js';

/** What every player has before buying in. */
export const BANKROLL = 1_000n;
/** Longer than the platform itself waits for a commit. */
const ANSWERED_MS = 60_000;

/** The platform, a wire to it that can be cut, and the example at the other end. */
export interface PokerHouse {
  readonly balance: RunningApp;
  readonly relay: Relay;
  readonly poker: PokerProcess;
  /** Asks the platform directly. */
  readonly platform: SteelyardClient;
  /** Opens accounts with the bankroll. */
  fund(...userIds: readonly string[]): Promise<void>;
  /** Opens a table with blinds 5 and 10. */
  openTable(tableId: string): Promise<void>;
  join(tableId: string, userId: string, seat: number, more?: object): Promise<Reply>;
  /** [balance, held] of a player. */
  account(userId: string): Promise<readonly [bigint, bigint]>;
  /** Chips that the platform keeps for the table; 0 when it has never heard of it. */
  escrow(tableId: string): Promise<bigint>;
  close(): Promise<void>;
}

export async function openPokerHouse(env: Readonly<Record<string, string>>): Promise<PokerHouse> {
  const balance = await startApp('balance', { LOG_LEVEL: 'warn', ...env });
  const address = balance.grpcTarget ?? '';
  const relay = await startRelay(address);
  const dataDir = await mkdtemp(join(tmpdir(), 'steelyard-poker-'));
  const poker = await startPoker(relay.address, dataDir);
  const platform = new SteelyardClient({
    transport: grpcTransport({ address }),
    deadlineMs: ANSWERED_MS,
    attemptTimeoutMs: ANSWERED_MS,
  });
  return {
    balance,
    relay,
    poker,
    platform,
    fund: async (...userIds) => {
      for (const accountId of userIds) await platform.accounts.open({ accountId, initialBalance: BANKROLL });
    },
    openTable: async (tableId) => {
      const rules = { smallBlind: 5, bigBlind: 10, buyInMin: 20, buyInMax: 500 };
      const opened = await poker.post('/tables', { tableId, ...rules });
      if (opened.status !== 201) throw new Error(`table ${tableId} was not opened: ${opened.status}`);
    },
    join: (tableId, userId, seat, more = {}) =>
      poker.post(`/tables/${tableId}/join`, { userId, seat, buyIn: 200, ...more }),
    account: async (userId) => {
      const read = await platform.accounts.balance(userId);
      if (!read.ok) throw new Error(read.error.message);
      return [read.value.balance, read.value.held];
    },
    escrow: async (tableId) => {
      const read = await platform.tables.table(tableId);
      return read.ok ? read.value.escrow : 0n;
    },
    close: async () => {
      await platform.close();
      await poker.stop();
      relay.close();
      await balance.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
