import type { EscrowPolicy } from '@steelyard/client';
import type { Hand } from './hand.js';
import type { Turnover } from './replay-books.js';

/** How many deviations are told in full; the count is always complete. */
export const DEVIATIONS_TOLD_MAX = 20;

/** Something that is not as the history or the answers say it must be. */
export interface Deviation {
  /** Absent: it concerns the replay as a whole. */
  readonly handId?: string;
  readonly table?: string;
  readonly what: string;
}

/** Where all chips are at the end, as the platform's accounts show it. Minor units. */
export interface Supply {
  readonly deposited: bigint;
  readonly players: bigint;
  readonly tables: bigint;
  readonly pots: bigint;
  readonly rake: bigint;
  /** Of the tables: chips that were let through although nothing covered them. */
  readonly inflation: bigint;
}

/** What is replayed, and how. */
export interface ReplayPlan {
  readonly run: string;
  readonly doubleCount: boolean;
  readonly escrowPolicy: EscrowPolicy;
  readonly hands: readonly Hand[];
}

/** The report as it is written to a file, where amounts are strings of digits. */
export interface ReplaySummary extends Turnover {
  readonly run: string;
  readonly doubleCount: boolean;
  readonly escrowPolicy: EscrowPolicy;
  readonly hands: number;
  readonly handsPlayed: number;
  /** Of them: every command had been answered in an earlier run. */
  readonly handsReplayed: number;
  readonly handsConserved: number;
  readonly tables: number;
  readonly players: number;
  /** Commands that took effect now, and those that were answered again. */
  readonly commandsNew: number;
  readonly commandsReplayed: number;
  readonly chipsIn: bigint;
  /** What the players have at the end, by the answers. */
  readonly chipsOut: bigint;
  readonly winners: number;
  readonly winnersPaid: number;
  readonly cashOuts: number;
  readonly cashOutsRefused: number;
  readonly chipsRefused: bigint;
  /** Absent: the replay was stopped before its end. */
  readonly supply?: Supply;
  readonly supplyConserved: boolean;
  readonly deviations: number;
  readonly firstDeviations: readonly Deviation[];
  readonly seconds: number;
  readonly stopped?: string;
}

/** Everything on the supply's right side is what was deposited, to the chip. */
export function isConserved({ deposited, players, tables, pots, rake }: Supply): boolean {
  return players + tables + pots + rake === deposited;
}

/** Counts what became of a replay. */
export class ReplayReport {
  #handsPlayed = 0;
  #handsReplayed = 0;
  #handsConserved = 0;
  #commandsNew = 0;
  #commandsReplayed = 0;
  #winners = 0;
  #winnersPaid = 0;
  #cashOuts = 0;
  #cashOutsRefused = 0;
  #chipsRefused = 0n;
  #deviations = 0;
  #supply: Supply | undefined;
  #stopped: string | undefined;
  readonly #firstDeviations: Deviation[] = [];

  constructor(private readonly plan: ReplayPlan) {}

  /** Hands that were played to their end, well or not. */
  get handsPlayed(): number {
    return this.#handsPlayed;
  }

  /** True when all hands were played and everything is as it must be. */
  get agrees(): boolean {
    const isComplete = this.#stopped === undefined && this.#handsPlayed === this.plan.hands.length;
    return isComplete && this.#deviations === 0 && this.#supply !== undefined && isConserved(this.#supply);
  }

  addHand({ isReplayed, isConserved: conserved }: { isReplayed: boolean; isConserved: boolean }): void {
    this.#handsPlayed += 1;
    if (isReplayed) this.#handsReplayed += 1;
    if (conserved) this.#handsConserved += 1;
  }

  addCommand(isReplayed: boolean): void {
    if (isReplayed) this.#commandsReplayed += 1;
    else this.#commandsNew += 1;
  }

  addWinner(isPaid: boolean): void {
    this.#winners += 1;
    if (isPaid) this.#winnersPaid += 1;
  }

  addCashOut(amount: bigint, isGranted: boolean): void {
    this.#cashOuts += 1;
    if (isGranted) return;
    this.#cashOutsRefused += 1;
    this.#chipsRefused += amount;
  }

  addDeviation(deviation: Deviation): void {
    this.#deviations += 1;
    if (this.#firstDeviations.length < DEVIATIONS_TOLD_MAX) this.#firstDeviations.push(deviation);
  }

  /** What the platform's accounts show at the end. */
  endWith(supply: Supply): void {
    this.#supply = supply;
  }

  /** The replay ends before the last hand; the first reason stays. */
  stop(reason: string): void {
    this.#stopped ??= reason;
  }

  summary(turnover: Turnover, seconds: number): ReplaySummary {
    const { run, doubleCount, escrowPolicy, hands } = this.plan;
    return {
      run,
      doubleCount,
      escrowPolicy,
      hands: hands.length,
      handsPlayed: this.#handsPlayed,
      handsReplayed: this.#handsReplayed,
      handsConserved: this.#handsConserved,
      tables: new Set(hands.map(({ table }) => table)).size,
      players: new Set(hands.flatMap(({ seats }) => seats.map(({ player }) => player))).size,
      commandsNew: this.#commandsNew,
      commandsReplayed: this.#commandsReplayed,
      ...turnover,
      chipsIn: turnover.deposited,
      chipsOut: turnover.cashedOut + turnover.won,
      winners: this.#winners,
      winnersPaid: this.#winnersPaid,
      cashOuts: this.#cashOuts,
      cashOutsRefused: this.#cashOutsRefused,
      chipsRefused: this.#chipsRefused,
      ...(this.#supply && { supply: this.#supply }),
      supplyConserved: this.#supply !== undefined && isConserved(this.#supply),
      deviations: this.#deviations,
      firstDeviations: this.#firstDeviations,
      seconds: Math.round(seconds * 1000) / 1000,
      ...(this.#stopped !== undefined && { stopped: this.#stopped }),
    };
  }
}
