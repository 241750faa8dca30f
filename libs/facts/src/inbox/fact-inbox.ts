import { invariant } from '@steelyard/domain/result';
import { inTransaction } from '@steelyard/platform/postgres';
import type { Fact, FactHandler, FactTransaction } from './fact-handler.js';
import { HandlersFailedError, runHandlersUnguarded, type Announcement } from './handler-run.js';
import { InboxTurn, type InboxPosition, type TurnResult } from './inbox-turn.js';
import { inboxStatements, type InboxStatements } from './inbox.sql.js';
import type { FactDatabase, InboxOutcome, InboxSettings, Obstacle } from './inbox.types.js';

interface PositionRow {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly attempts: number;
  readonly retry_at_ms: bigint;
}

/** What came of buckets in one transaction. */
interface JointResult {
  readonly outcomes: ReadonlyMap<number, InboxOutcome>;
  /** To be called once the transaction is committed. */
  readonly announcements: readonly Announcement[];
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
    const { announcements, ...outcome } = await this.#applyInTransaction(bucket, facts);
    for (const announce of announcements) announce();
    return outcome;
  }

  /**
   * Applies facts of several buckets as {@link apply} does those of one, and in one transaction where nothing fails:
   * transactions are what small deliveries cost. Returns the outcome of each bucket.
   *
   * @throws OutageError as {@link apply} does; some buckets may have taken effect.
   */
  async applyAll(facts: readonly Fact[]): Promise<ReadonlyMap<number, InboxOutcome>> {
    const byBucket = Map.groupBy(facts, ({ bucket }) => bucket);
    const together = byBucket.size > 1 ? await this.#applyTogether(byBucket) : undefined;
    if (together) return together;
    const outcomes = new Map<number, InboxOutcome>();
    for (const [bucket, own] of byBucket) outcomes.set(bucket, await this.apply(bucket, own));
    return outcomes;
  }

  /** The last fact applied of each bucket that has any, from a plain read. @throws OutageError */
  async positions(): Promise<ReadonlyMap<number, bigint>> {
    const { rows } = await this.database.pool.query<{ bucket: number; sequence: bigint }>(
      this.#statements.positions,
    );
    return new Map(rows.map(({ bucket, sequence }) => [bucket, sequence]));
  }

  /** Once without guard, and when a handler fails again with it. */
  async #applyInTransaction(bucket: number, facts: readonly Fact[]): Promise<TurnResult & InboxOutcome> {
    const attempt = (isGuarded: boolean) =>
      inTransaction(this.database.pool, (client) => this.#applyLocked(client, facts, { bucket, isGuarded }));
    try {
      return await attempt(false);
    } catch (error) {
      if (!(error instanceof HandlersFailedError)) throw error;
      return attempt(true);
    }
  }

  /** Undefined when a bucket is failing, or a handler fails now: nothing took effect, and each goes its own way. */
  async #applyTogether(
    byBucket: ReadonlyMap<number, readonly Fact[]>,
  ): Promise<ReadonlyMap<number, InboxOutcome> | undefined> {
    try {
      const applied = await inTransaction(this.database.pool, (client) =>
        this.#applyAllLocked(client, byBucket),
      );
      for (const announce of applied?.announcements ?? []) announce();
      return applied?.outcomes;
    } catch (error) {
      if (error instanceof HandlersFailedError) return undefined;
      throw error;
    }
  }

  async #applyAllLocked(
    transaction: FactTransaction,
    byBucket: ReadonlyMap<number, readonly Fact[]>,
  ): Promise<JointResult | undefined> {
    const positions = await this.#lock(transaction, [...byBucket.keys()]);
    if (positions.some(({ attempts }) => attempts > 0)) return undefined;
    const shares = positions.map((position) => shareOf(position, byBucket.get(position.bucket) ?? []));
    const pending = shares.flatMap((share) => share.pending);
    const { announcements } = await runHandlersUnguarded(transaction, this.handlers, pending);
    const moved = shares.filter((share) => share.pending.length > 0);
    if (moved.length > 0) {
      const values = [moved.map(({ bucket }) => bucket), moved.map(({ through }) => through), this.#now()];
      await transaction.query({ ...this.#statements.moveAll, values });
    }
    const outcomes = shares.map(({ bucket, through, pending: applied, duplicates, gap }) => {
      const outcome = { through, applied, duplicates, buried: [] };
      return [bucket, gap === undefined ? outcome : { ...outcome, obstacle: gap }] as const;
    });
    return { outcomes: new Map(outcomes), announcements };
  }

  async #applyLocked(
    transaction: FactTransaction,
    facts: readonly Fact[],
    { bucket, isGuarded }: { readonly bucket: number; readonly isGuarded: boolean },
  ): Promise<TurnResult & InboxOutcome> {
    const [position] = await this.#lock(transaction, [bucket]);
    invariant(position !== undefined, 'the row of a bucket was just locked');
    const { pending, duplicates, gap } = shareOf(position, facts);
    const turn = new InboxTurn(transaction, position, {
      statements: this.#statements,
      handlers: this.handlers,
      settings: this.settings,
      nowMs: this.#now(),
      isGuarded,
    });
    const result = { ...(await turn.run(pending)), duplicates };
    if (gap === undefined || result.obstacle !== undefined) return result;
    return { ...result, obstacle: gap };
  }

  /** Where buckets stand, by bucket; their rows are locked from here on. */
  async #lock(transaction: FactTransaction, buckets: readonly number[]): Promise<readonly InboxPosition[]> {
    const found = await this.#lockRows(transaction, buckets);
    if (found.length === buckets.length) return found;
    await transaction.query({ ...this.#statements.begin, values: [buckets] });
    return this.#lockRows(transaction, buckets);
  }

  async #lockRows(transaction: FactTransaction, buckets: readonly number[]): Promise<InboxPosition[]> {
    const { rows } = await transaction.query<PositionRow>({ ...this.#statements.lock, values: [buckets] });
    return rows.map(({ retry_at_ms: retryAt, ...row }) => ({ ...row, retryAtMs: Number(retryAt) }));
  }
}

/** What is to be done with facts of a bucket. */
interface Share {
  readonly bucket: number;
  /** Right behind the position, one by one. */
  readonly pending: readonly Fact[];
  /** The last of them; the position when there are none. */
  readonly through: bigint;
  readonly duplicates: number;
  readonly gap?: Obstacle;
}

function shareOf({ bucket, sequence }: InboxPosition, facts: readonly Fact[]): Share {
  const ordered = [...facts].sort(bySequence);
  const pending = contiguousAfter(sequence, ordered);
  const through = sequence + BigInt(pending.length);
  const duplicates = ordered.filter((fact) => fact.sequence <= sequence).length;
  const beyond = ordered.find((fact) => fact.sequence > through);
  const share = { bucket, pending, through, duplicates };
  return beyond === undefined ? share : { ...share, gap: { reason: 'gap', nextGiven: beyond.sequence } };
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
