import { SteelyardUnavailableError, type Result } from '../answers/index.js';
import type { Executor } from '../dispatch/index.js';
import { operationOf, type DiscrepancyLog } from './discrepancy-log.js';
import type { JournalEntry, ReservationLink } from './journal-record.js';
import type { OperationJournal } from './operation-journal.js';
import { isBatchCommand, withRealReservation } from './replay-command.js';

/** What a replay did. */
export interface ReplayReport {
  /** Operations whose outcome is known now. */
  readonly replayed: number;
  /** Those of them that are discrepancies. */
  readonly discrepancies: number;
  /** Operations that still wait. */
  readonly pending: number;
}

/** What one entry came to. */
type Outcome = Result<unknown> | 'too-late' | 'not-understood';

const BATCH_MAX = 100;
/** The service remembers keys for 24 hours; some of them must be left for the replay itself. */
const KEY_LIFETIME_MS = 23 * 60 * 60 * 1_000;
/** An answer that is not understood may be the fault of the service's version: it is asked again, not for ever. */
const MISUNDERSTOOD_MAX = 5;
/** Who we are was refused, not what we asked for. */
const CREDENTIALS: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'INVALID_TOKEN']);

/** The service does not accept who we are. The operations stay in the journal. */
export class ReplayUnauthorizedError extends Error {
  override readonly name = 'ReplayUnauthorizedError';
}

/** Sends what waits, oldest first, one after the other, until nothing waits or the service is away again. */
export class JournalReplayer {
  #underWay: Promise<ReplayReport> | undefined;
  /** How many entries go by themselves, because together they were not understood. */
  #oneByOne = 0;
  readonly #misunderstood = new Map<number, number>();

  constructor(
    private readonly journal: OperationJournal,
    private readonly service: Executor,
    private readonly discrepancies: DiscrepancyLog,
  ) {}

  /**
   * One replay at a time: who asks during one gets its report.
   *
   * @throws what stopped it, unless the service is just away; what was done until then stays done
   */
  replay(): Promise<ReplayReport> {
    this.#underWay ??= this.#replayAll().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #replayAll(): Promise<ReplayReport> {
    let replayed = 0;
    let discrepancies = 0;
    for (;;) {
      const entries = this.#nextRun();
      const outcomes = await this.#outcomesOf(entries);
      if (outcomes.length === 0) return { replayed, discrepancies, pending: this.journal.size };
      const known = entries.slice(0, outcomes.length);
      for (const [index, entry] of known.entries()) {
        if (await this.#reportUnlessGranted(entry, outcomes[index])) discrepancies++;
      }
      // Only now: a crash before this finds the same outcomes under the same keys.
      await this.journal.done(known, linksOf(known, outcomes));
      replayed += known.length;
    }
  }

  /** The first entry, with those behind it that can go in the same request. */
  #nextRun(): readonly JournalEntry[] {
    const entries = this.journal.first(this.#oneByOne > 0 ? 1 : BATCH_MAX);
    const end = entries.findIndex((entry) => !isBatchCommand(entry) || isTooLate(entry));
    return end === -1 ? entries : entries.slice(0, Math.max(end, 1));
  }

  /** Of all the entries, or of none: then the service is away. */
  async #outcomesOf(entries: readonly JournalEntry[]): Promise<readonly Outcome[]> {
    const [first] = entries;
    if (!first) return [];
    if (isTooLate(first)) return ['too-late'];
    const newlySent = await this.journal.markSent(entries);
    try {
      const outcomes = await this.#send(first, entries);
      refuseToGoOnWithout(outcomes);
      this.#oneByOne = Math.max(0, this.#oneByOne - 1);
      return outcomes;
    } catch (error) {
      if (error instanceof SteelyardUnavailableError) {
        if (!error.maybeApplied) await this.journal.unmarkSent(newlySent);
        return [];
      }
      if (error instanceof ReplayUnauthorizedError) throw error;
      return this.#afterMisunderstanding(first, entries.length, error);
    }
  }

  async #send(first: JournalEntry, entries: readonly JournalEntry[]): Promise<readonly Result<unknown>[]> {
    const together = entries
      .map(({ kind, input, idempotencyKey }) => ({ kind, input, idempotencyKey }))
      .filter(isBatchCommand);
    if (together.length > 1) return this.service.executeBatch('independent', together, {});
    const command = withRealReservation(first, (name) => this.journal.linkOf(name));
    return ['error' in command ? command : await this.service.execute(command, {})];
  }

  #afterMisunderstanding(first: JournalEntry, count: number, error: unknown): Promise<readonly Outcome[]> {
    if (count > 1) {
      this.#oneByOne = count;
      return this.#outcomesOf([first]);
    }
    const times = (this.#misunderstood.get(first.id) ?? 0) + 1;
    this.#misunderstood.set(first.id, times);
    if (times < MISUNDERSTOOD_MAX) return Promise.reject(asError(error));
    this.#misunderstood.delete(first.id);
    return Promise.resolve(['not-understood']);
  }

  /** True: it was reported. */
  async #reportUnlessGranted(entry: JournalEntry, outcome: Outcome | undefined): Promise<boolean> {
    const operation = operationOf(entry);
    if (outcome === undefined) throw new TypeError('there is one outcome for every entry');
    if (typeof outcome === 'string') await this.discrepancies.add({ reason: outcome, operation });
    else if (!outcome.ok)
      await this.discrepancies.add({ reason: 'refused', operation, refusal: outcome.error });
    else return false;
    return true;
  }
}

function isTooLate({ sentAtMs }: JournalEntry): boolean {
  return sentAtMs !== undefined && Date.now() - sentAtMs > KEY_LIFETIME_MS;
}

function refuseToGoOnWithout(outcomes: readonly Result<unknown>[]): void {
  for (const outcome of outcomes) {
    if (outcome.ok || !CREDENTIALS.has(outcome.error.code)) continue;
    throw new ReplayUnauthorizedError(`the journal cannot be replayed: ${outcome.error.message}`);
  }
}

function linksOf(entries: readonly JournalEntry[], outcomes: readonly Outcome[]): readonly ReservationLink[] {
  const linkedAtMs = Date.now();
  return entries.flatMap(({ provisionalId }, index) => {
    if (provisionalId === undefined) return [];
    return [{ provisionalId, reservationId: reservationIdIn(outcomes[index]), linkedAtMs }];
  });
}

function reservationIdIn(outcome: Outcome | undefined): string | null {
  if (typeof outcome !== 'object' || !outcome.ok) return null;
  const { value } = outcome;
  if (typeof value !== 'object' || value === null || !('reservationId' in value)) return null;
  return typeof value.reservationId === 'string' ? value.reservationId : null;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
