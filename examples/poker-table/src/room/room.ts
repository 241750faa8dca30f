import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SteelyardUnavailableError } from '@steelyard/client';
import { newTable, seatOf, type TableRules } from '../game/index.js';
import { BooksBehindError } from '../money/cashier.js';
import { LiveTable } from '../state/live-table.js';
import { TableFile } from '../state/table-file.js';
import type { Answer, Log } from './answer.js';
import type { Dealer, StepOutcome } from './dealer.js';
import type { Desk, DeskReceipt } from './desk.js';

/** Short enough that a player whose join was cut off by an outage hardly waits longer than the outage. */
const RECOVERY_INTERVAL_MS = 1_000;
const SUFFIX = '.table.json';

export interface RoomParts {
  readonly desk: Desk;
  readonly dealer: Dealer;
  readonly log: Log;
}

/** Buy-ins after a hand, of players who want their winnings back at the table. */
export type TopUp = DeskReceipt & { readonly isDone: boolean };

/** All tables of one directory. */
export class Room {
  readonly #tables = new Map<string, LiveTable>();
  #timer: NodeJS.Timeout | undefined;
  #recovery: Promise<void> = Promise.resolve();
  /** One after the other, so that two requests for one name open one table. */
  #creating: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly directory: string,
    private readonly parts: RoomParts,
  ) {}

  /** Loads every table and begins to finish what was open on them. */
  static async open(directory: string, parts: RoomParts): Promise<Room> {
    await mkdir(directory, { recursive: true });
    const room = new Room(directory, parts);
    for (const name of await readdir(directory)) {
      if (!name.endsWith(SUFFIX)) continue;
      const live = await LiveTable.load(new TableFile(join(directory, name)));
      room.#tables.set(live.rules.tableId, live);
    }
    room.#recoverSoon(0);
    return room;
  }

  /** Opens a table, unless there is one of this name: that one stays as it is. */
  create(rules: TableRules): Promise<{ readonly live: LiveTable; readonly isNew: boolean }> {
    const created = this.#creating.then(() => this.#create(rules));
    this.#creating = created.catch(() => undefined);
    return created;
  }

  async #create(rules: TableRules): Promise<{ readonly live: LiveTable; readonly isNew: boolean }> {
    const known = this.#tables.get(rules.tableId);
    if (known !== undefined) return { live: known, isNew: false };
    const file = new TableFile(join(this.directory, `${rules.tableId}${SUFFIX}`));
    const live = await LiveTable.create(file, newTable(rules));
    this.#tables.set(rules.tableId, live);
    return { live, isNew: true };
  }

  find(tableId: string): LiveTable | undefined {
    return this.#tables.get(tableId);
  }

  /** Winnings are on the winners' accounts. Who asked for it buys them in again, as far as the table allows. */
  async topUpWinners(live: LiveTable, { payouts }: StepOutcome): Promise<readonly TopUp[]> {
    const topUps: TopUp[] = [];
    for (const { seatId, accountId, amount: won } of payouts) {
      const seat = seatOf(live.record.table, seatId);
      const room = live.rules.buyInMax - (seat?.stack ?? 0n);
      if (seat?.autoTopUp !== true || seat.userId !== accountId || room <= 0n) continue;
      const amount = won < room ? won : room;
      topUps.push({ seatId, amount, isDone: await this.#topUp(live, accountId, amount) });
    }
    return topUps;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#recovery;
  }

  /** The hand is over either way: a buy-in that fails is the player's to repeat. */
  async #topUp(live: LiveTable, userId: string, amount: bigint): Promise<boolean> {
    try {
      const answer: Answer<DeskReceipt> = await this.parts.desk.topUp(live, userId, amount);
      return answer.ok;
    } catch (error) {
      if (isOutage(error)) return false;
      throw error;
    }
  }

  #recoverSoon(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#recovery = this.#recover().finally(() => {
        if (this.#timer !== undefined) this.#recoverSoon(RECOVERY_INTERVAL_MS);
      });
    }, afterMs);
  }

  async #recover(): Promise<void> {
    const { desk, dealer, log } = this.parts;
    for (const live of this.#tables.values()) {
      const { tableId } = live.rules;
      try {
        if (live.record.outbox.length > 0) await dealer.recover(live);
        await desk.recover(live);
      } catch (error) {
        // It will be tried again, and one table's trouble is not the others'.
        if (isOutage(error)) log.warn({ tableId, reason: error.message }, 'recovery_waits');
        else log.error({ tableId, err: error }, 'recovery_failed');
      }
    }
  }
}

/** The platform is away, or behind after an outage. */
export function isOutage(error: unknown): error is SteelyardUnavailableError | BooksBehindError {
  return error instanceof SteelyardUnavailableError || error instanceof BooksBehindError;
}
