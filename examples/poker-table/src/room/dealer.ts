import { randomUUID } from 'node:crypto';
import type { Payout as Paid, Refused } from '@steelyard/client';
import {
  abortHand,
  act,
  allowed,
  settleHand,
  startHand,
  type Action,
  type Movement,
  type Ruled,
  type Showdown,
  type Step,
  type Table,
} from '../game/index.js';
import type { PotKeeper } from '../money/pot-keeper.js';
import type { LiveTable } from '../state/live-table.js';
import type { Log } from './answer.js';

/** What became of a step on the platform's side. */
export interface StepOutcome {
  readonly handId: string;
  /** `booked`: the platform has it. `journalled`: the platform is away, and will get it when it is back. */
  readonly money: 'booked' | 'journalled';
  /** Winnings that were paid to accounts. */
  readonly payouts: readonly Paid[];
  /** The platform refused a bet: the hand was aborted, and everybody has what they had before. */
  readonly aborted: Refused['error'] | undefined;
}

/** Runs hands: first the step is on the disk with what it moves, then the platform is told. */
export class Dealer {
  constructor(
    private readonly pots: PotKeeper,
    private readonly log: Log,
  ) {}

  start(live: LiveTable): Promise<Ruled<StepOutcome>> {
    const handId = randomUUID();
    return this.#step(live, handId, (table) => startHand(table, handId));
  }

  act(
    live: LiveTable,
    handId: string,
    move: Action & { readonly seatId: number },
  ): Promise<Ruled<StepOutcome>> {
    return this.#step(live, handId, (table) => act(table, handId, move));
  }

  settle(live: LiveTable, handId: string, showdown: Showdown): Promise<Ruled<StepOutcome>> {
    return this.#step(live, handId, (table) => settleHand(table, handId, showdown));
  }

  abort(live: LiveTable, handId: string, reason: string): Promise<Ruled<StepOutcome>> {
    return this.#step(live, handId, (table) => abortHand(table, handId, reason));
  }

  /** Tells the platform what it may not have been told before the process ended. */
  async recover(live: LiveTable): Promise<void> {
    await live.exclusively(() => this.#tellPlatform(live));
  }

  #step(live: LiveTable, handId: string, decide: (table: Table) => Ruled<Step>): Promise<Ruled<StepOutcome>> {
    return live.exclusively(async () => {
      await this.#tellPlatform(live);
      const step = decide(live.record.table);
      if (!step.ok) return step;
      const { table, movements } = step.value;
      await live.save({ ...live.record, table, outbox: movements });
      return allowed({ handId, ...(await this.#tellPlatform(live)) });
    });
  }

  async #tellPlatform(live: LiveTable): Promise<Omit<StepOutcome, 'handId'>> {
    const payouts: Paid[] = [];
    let money: StepOutcome['money'] = 'booked';
    for (const movement of live.record.outbox) {
      const result = await this.pots.carryOut(live.rules.tableId, movement);
      if (!result.ok && movement.kind === 'contribute') return this.#abortFor(live, movement, result.error);
      if (!result.ok) this.#noteRefusal(live, movement, result.error);
      else if (result.journalled === true) money = 'journalled';
      else payouts.push(...result.value.payouts);
    }
    if (live.record.outbox.length > 0) await live.save({ ...live.record, outbox: [] });
    return { money, payouts, aborted: undefined };
  }

  /** A bet that the platform refuses means that its books and the table's differ: nobody may play on with that. */
  async #abortFor(
    live: LiveTable,
    movement: Movement,
    refusal: Refused['error'],
  ): Promise<Omit<StepOutcome, 'handId'>> {
    this.#report(live, movement, refusal);
    const { handId } = movement;
    const aborted = abortHand(live.record.table, handId, `a bet was refused: ${refusal.code}`);
    if (!aborted.ok) throw new Error(`a bet of hand ${handId} is in the outbox, and the hand is not running`);
    const { table, movements } = aborted.value;
    await live.save({ ...live.record, table, outbox: movements });
    return { ...(await this.#tellPlatform(live)), aborted: refusal };
  }

  /** Nothing can be undone here: the game is over this point. Somebody has to look. */
  #noteRefusal(live: LiveTable, movement: Movement, refusal: Refused['error']): void {
    // The very first blind was refused, so there is nothing to give back.
    if (movement.kind === 'cancel' && refusal.code === 'POT_NOT_FOUND') return;
    this.#report(live, movement, refusal);
  }

  #report(live: LiveTable, { kind, handId, number }: Movement, { code, message }: Refused['error']): void {
    const { tableId } = live.rules;
    this.log.error({ tableId, handId, number, movement: kind, code, reason: message }, 'movement_refused');
  }
}
