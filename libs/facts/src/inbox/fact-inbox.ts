import { invariant } from '@steelyard/domain/result';
import { inTransaction } from '@steelyard/platform/postgres';
import type { Fact, FactHandler, FactTransaction } from './fact-handler.js';
import { HandlersFailedError } from './handler-run.js';
import { InboxTurn, type InboxPosition, type TurnResult } from './inbox-turn.js';
import { inboxStatements, type InboxStatements } from './inbox.sql.js';
import type { FactDatabase, InboxOutcome, InboxSettings } from './inbox.types.js';

interface PositionRow {
  readonly sequence: bigint;
  readonly attempts: number;
  readonly retry_at_ms: bigint;
}

/**
 * Applies committed facts exactly once in effect: the handlers' writes and the bucket's position are one
 * transaction, and whoever applies facts of a bucket holds its row.
 *
 * A fact that handlers fail on keeps its bucket waiting, is tried `attemptsMax` times, with longer and longer
 * waits, by whichever process; then it becomes a dead letter of the handlers that fail, and the bucket goes on.
 */
export class FactInbox {
  readonly #statements: InboxStatements;
  readonly #now: () => number;

  constructor(
    private readonly database: FactDatabase,
    private readonly handlers: readonly FactHandler[],
    private readonly settings: InboxSettings,
  ) {
    this.#statements = inboxStatements(settings.schema);
    this.#now = settings.now ?? Date.now;
  }

  /**
   * Applies what comes right behind the bucket's position. What was applied before is skipped, and what lies
   * behind a gap is left alone: `obstacle` says so.
   *
   * @param facts of that bucket, in any order, duplicates allowed.
   * @throws OutageError when the database is away, or whatever says so: nothing took effect, or (if a commit was
   * under way) all of it; giving the same facts again is right in both cases.
   */
  async apply(bucket: number, facts: readonly Fact[]): Promise<InboxOutcome> {
    invariant(
      facts.every((fact) => fact.bucket === bucket),
      `facts of bucket ${bucket} only`,
    );
    const ordered = [...facts].sort(bySequence);
    const { announcements, ...outcome } = await this.#applyInTransaction(bucket, ordered);
    for (const announce of announcements) announce();
    return outcome;
  }

  /** The last fact applied of each bucket that has any, from a plain read. @throws OutageError */
  async positions(): Promise<ReadonlyMap<number, bigint>> {
    const { rows } = await this.database.pool.query<{ bucket: number; sequence: bigint }>(
      this.#statements.positions,
    );
    return new Map(rows.map(({ bucket, sequence }) => [bucket, sequence]));
  }

  /** Once without guard, and when a handler fails again with it. */
  async #applyInTransaction(bucket: number, ordered: readonly Fact[]): Promise<TurnResult & InboxOutcome> {
    const attempt = (isGuarded: boolean) =>
      inTransaction(this.database.pool, (client) =>
        this.#applyLocked(client, ordered, { bucket, isGuarded }),
      );
    try {
      return await attempt(false);
    } catch (error) {
      if (!(error instanceof HandlersFailedError)) throw error;
      return attempt(true);
    }
  }

  async #applyLocked(
    transaction: FactTransaction,
    ordered: readonly Fact[],
    { bucket, isGuarded }: { readonly bucket: number; readonly isGuarded: boolean },
  ): Promise<TurnResult & InboxOutcome> {
    const position = await this.#lock(transaction, bucket);
    const pending = contiguousAfter(position.sequence, ordered);
    const known = position.sequence + BigInt(pending.length);
    const beyond = ordered.find(({ sequence }) => sequence > known);
    const turn = new InboxTurn(transaction, position, {
      statements: this.#statements,
      handlers: this.handlers,
      settings: this.settings,
      nowMs: this.#now(),
      isGuarded,
    });
    const duplicates = ordered.filter(({ sequence }) => sequence <= position.sequence).length;
    const result = { ...(await turn.run(pending)), duplicates };
    if (beyond === undefined || result.obstacle !== undefined) return result;
    return { ...result, obstacle: { reason: 'gap', nextGiven: beyond.sequence } };
  }

  async #lock(transaction: FactTransaction, bucket: number): Promise<InboxPosition> {
    const found = await this.#lockRow(transaction, bucket);
    if (found !== undefined) return found;
    await transaction.query({ ...this.#statements.begin, values: [bucket] });
    const begun = await this.#lockRow(transaction, bucket);
    invariant(begun !== undefined, 'the row of a bucket was just written');
    return begun;
  }

  async #lockRow(transaction: FactTransaction, bucket: number): Promise<InboxPosition | undefined> {
    const { rows } = await transaction.query<PositionRow>({ ...this.#statements.lock, values: [bucket] });
    const [row] = rows;
    if (row === undefined) return undefined;
    const { sequence, attempts, retry_at_ms: retryAt } = row;
    return { bucket, sequence, attempts, retryAtMs: Number(retryAt) };
  }
}

function bySequence(a: Fact, b: Fact): number {
  if (a.sequence === b.sequence) return 0;
  return a.sequence < b.sequence ? -1 : 1;
}

/** The facts that follow the position one by one, each once. */
function contiguousAfter(sequence: bigint, ordered: readonly Fact[]): Fact[] {
  const pending: Fact[] = [];
  let next = sequence + 1n;
  for (const fact of ordered) {
    if (fact.sequence !== next) continue;
    pending.push(fact);
    next += 1n;
  }
  return pending;
}
