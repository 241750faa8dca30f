import { randomBytes } from 'node:crypto';
import type { BucketBooks, Books, DecisionContext, Inflation, WriteSet } from '@steelyard/domain/posting';
import { OutageError } from '@steelyard/platform/outage';
import { decideBatch, loadKeys, loadMissing, type DecidedBatch, type Loading } from './batch-decider.js';
import { StaleBatchError, type PostingStorage } from './posting-storage.port.js';
import { bucketsOf, type Batch } from './work-unit.js';

/** A batch in flight. Neither promise rejects. */
export interface RunningBatch {
  /** The books hold what it decided, or it failed. Resolves to the buckets whose heads it leaves where they are. */
  readonly decided: Promise<readonly number[]>;
  /** All its units are answered or failed. */
  readonly done: Promise<void>;
}

/** What the engine tells about its work, for metrics and logs. */
export interface EngineObserver {
  committed(batch: { commands: number; durationMs: number; isCautious: boolean }): void;
  stale(reason: string): void;
  /** An observed table gave out chips that it did not have. */
  inflated(inflation: Inflation): void;
  outage(error: OutageError): void;
  failed(error: Error): void;
}

/** What decisions depend on besides the books, the moment and the attempt. */
export type EngineContext = Omit<DecisionContext, 'nowMs' | 'writeId'>;

export interface BatchWriterParts {
  readonly storage: PostingStorage;
  readonly books: Books;
  readonly context: EngineContext;
  readonly now: () => number;
  readonly observer: EngineObserver;
}

// Batches that go under lock, their keys looked up, before trusting memory again: after a start, when clients
// repeat what they were not answered, and after every sign that another process writes the same buckets.
const CAUTIOUS_BATCHES_AT_START = 16;
const CAUTIOUS_BATCHES_AFTER_CONFLICT = 64;
// Under lock nothing can be stale but by deadlock or serialization failure: five in a row are no accident.
const STALE_ATTEMPTS_MAX = 5;
const WRITE_ID_BYTES = 8;
const OUTAGE_PAUSE_MIN_MS = 50;
const OUTAGE_PAUSE_MAX_MS = 1_000;

/**
 * Decides and writes batches, in one of two ways. Swift: on the books as they are, with the previous batch of the
 * lane still being written; the heads in the write set tell whether the books were right. Cautious: heads locked
 * first, keys looked up, one batch at a time; always makes progress, whoever else writes.
 */
export class BatchWriter {
  readonly #parts: BatchWriterParts;
  #cautiousBatchesLeft = CAUTIOUS_BATCHES_AT_START;
  /** Batches that failed and are not through yet; until then no batch may be decided on what they left. */
  #recovering = 0;
  /** Swift batches that failed since the start. */
  #failures = 0;
  /** Begins at random, far from where other processes are. */
  #lastWriteId = randomBytes(WRITE_ID_BYTES).readBigInt64BE() / 2n;

  constructor(parts: BatchWriterParts) {
    this.#parts = parts;
  }

  get isCautious(): boolean {
    return this.#cautiousBatchesLeft > 0 || this.#recovering > 0;
  }

  /**
   * Starts a batch and sees it to its end: every unit is answered or failed. `before` are the batches in flight in
   * the same lanes: a swift batch is decided after they are and overlaps their writes, a cautious one waits for
   * their end.
   */
  run(batch: Batch, before: readonly RunningBatch[]): RunningBatch {
    if (this.isCautious) return this.#startCautiously(batch, before);
    let markDecided: (unmoved: readonly number[]) => void = () => undefined;
    const decided = new Promise<readonly number[]>((resolve) => (markDecided = resolve));
    const done = this.#runSwiftly(batch, before, markDecided).catch(async () => {
      markDecided([]);
      await allDone(before);
      await this.#runCautiously(batch);
      this.#recovering -= 1;
    });
    return { decided, done };
  }

  #startCautiously(batch: Batch, before: readonly RunningBatch[]): RunningBatch {
    const done = allDone(before).then(() => this.#runCautiously(batch));
    return { decided: done.then(() => []), done };
  }

  async #runSwiftly(
    batch: Batch,
    before: readonly RunningBatch[],
    markDecided: (unmoved: readonly number[]) => void,
  ): Promise<void> {
    const { storage, books, context, now } = this.#parts;
    const startedAtMs = now();
    const buckets = bucketsOf(batch);
    const failuresBefore = this.#failures;
    // Everything that is awaited before the decision: no answer to it may get into the books of another time.
    const current = async <Value>(reading: Promise<Value>): Promise<Value> => {
      const value = await reading;
      if (this.#failures !== failuresBefore) throw new StaleBatchError('an earlier batch failed');
      return value;
    };
    const loading: Loading = {
      books,
      settings: context.settings,
      now,
      load: (request) => current(storage.load(request)),
      settled: () => current(allDone(before)),
    };
    let decidedOn: readonly BucketBooks[] = [];
    try {
      const unmoved = (await current(Promise.all(before.map(({ decided }) => decided)))).flat();
      // Where the batch before leaves no fact, its head does not tell whether it was written: should it have to be
      // decided again, a later batch must not have come first.
      if (unmoved.some((bucket) => buckets.includes(bucket))) await current(allDone(before));
      // The first answer to a repeated key may still be on its way to the database: it can be given again when
      // it is there.
      const groups = atomicPartOf(batch);
      if (before.length > 0 && (groups.units.length > 0 || repeatsKnownKey(batch, books)))
        await current(allDone(before));
      const unknown = buckets.filter((bucket) => !books.find(bucket));
      if (unknown.length > 0) this.#setHeads(await current(storage.heads(unknown)));
      // A group that is refused writes no key, so nothing would tell that the same had been granted before.
      await loadKeys(groups, books, (keys) => current(storage.loadKeys(keys)));
      const nowMs = await loadMissing(batch, loading);
      if (batch.units.some((unit) => unit.deadlineAtMs <= now()))
        throw new OutageError('a deadline has passed');
      decidedOn = buckets.map((bucket) => books.get(bucket));
      const decided = decideBatch(batch, books, this.#contextOfAttempt(nowMs));
      const written = storage.write(decided.writeSet, batch.lanes[0]);
      markDecided(unmovedBy(decided.writeSet));
      await written;
      this.#answer(batch, decided, { startedAtMs, isCautious: false });
    } catch (error) {
      this.#recovering += 1;
      this.#failures += 1;
      // What an earlier failed batch has read again by now is true.
      const own = buckets.filter((bucket, i) => books.find(bucket) === decidedOn[i]);
      this.#afterFailure(error, own);
      throw error;
    }
  }

  async #runCautiously(batch: Batch): Promise<void> {
    let waiting = this.#withoutExpired(batch);
    let stale = 0;
    for (
      let pauseMs = OUTAGE_PAUSE_MIN_MS;
      waiting.units.length > 0;
      waiting = this.#withoutExpired(waiting)
    ) {
      try {
        await this.#attemptUnderLock(waiting);
        return;
      } catch (error) {
        this.#afterFailure(error, bucketsOf(waiting));
        if (error instanceof StaleBatchError && ++stale < STALE_ATTEMPTS_MAX) continue;
        if (!(error instanceof OutageError)) {
          await this.#isolate(waiting, error);
          return;
        }
        await pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, OUTAGE_PAUSE_MAX_MS);
      }
    }
  }

  async #attemptUnderLock(batch: Batch): Promise<void> {
    const { storage, books, context, now } = this.#parts;
    const startedAtMs = now();
    const buckets = bucketsOf(batch);
    let replays = 0;
    const decided = await storage.withLockedHeads(buckets, async (heads, transaction) => {
      this.#setHeads(heads);
      replays = await loadKeys(batch, books, (keys) => transaction.loadKeys(keys));
      const nowMs = await loadMissing(batch, {
        books,
        settings: context.settings,
        now,
        load: (request) => transaction.load(request),
        settled: () => Promise.resolve(),
      });
      const decision = decideBatch(batch, books, this.#contextOfAttempt(nowMs));
      await transaction.write(decision.writeSet);
      return decision;
    });
    this.#cautiousBatchesLeft = Math.max(0, this.#cautiousBatchesLeft - 1);
    if (replays > 0) this.#stayCautious();
    this.#answer(batch, decided, { startedAtMs, isCautious: true });
  }

  /** Something in the batch cannot be written: find it by trying each unit alone, and fail only that. */
  async #isolate(batch: Batch, cause: unknown): Promise<void> {
    const error = cause instanceof Error ? cause : new Error('a batch failed', { cause });
    if (batch.units.length === 1) {
      this.#parts.observer.failed(error);
      for (const unit of batch.units) unit.fail(error);
      return;
    }
    for (const unit of batch.units) await this.#runCautiously({ units: [unit], lanes: unit.lanes });
  }

  /**
   * Before each attempt, not after: once the first command of a request was given up, none of those behind it, which
   * have the same deadline, may be applied any more.
   */
  #withoutExpired(batch: Batch): Batch {
    const nowMs = this.#parts.now();
    const units = batch.units.filter((unit) => unit.deadlineAtMs > nowMs);
    for (const unit of batch.units) {
      if (unit.deadlineAtMs <= nowMs) unit.fail(new OutageError('not committed within the deadline'));
    }
    return { ...batch, units };
  }

  #answer(batch: Batch, decided: DecidedBatch, { startedAtMs, isCautious }: AnswerTiming): void {
    const { observer, now } = this.#parts;
    let commands = 0;
    batch.units.forEach((unit, i) => {
      commands += unit.commands.length;
      unit.succeed(decided.answers[i] ?? []);
    });
    observer.committed({ commands, durationMs: now() - startedAtMs, isCautious });
    for (const inflation of decided.inflations) observer.inflated(inflation);
  }

  #contextOfAttempt(nowMs: number): DecisionContext {
    this.#lastWriteId += 1n;
    return { ...this.#parts.context, nowMs, writeId: this.#lastWriteId };
  }

  #setHeads(heads: Awaited<ReturnType<PostingStorage['heads']>>): void {
    for (const { bucket, ...head } of heads) this.#parts.books.setHead(bucket, head);
  }

  #afterFailure(error: unknown, buckets: readonly number[]): void {
    const { books, observer } = this.#parts;
    for (const bucket of buckets) books.forget(bucket);
    this.#stayCautious();
    if (error instanceof StaleBatchError) observer.stale(error.message);
    else if (error instanceof OutageError) observer.outage(error);
  }

  #stayCautious(): void {
    this.#cautiousBatchesLeft = Math.max(this.#cautiousBatchesLeft, CAUTIOUS_BATCHES_AFTER_CONFLICT);
  }
}

async function allDone(batches: readonly RunningBatch[]): Promise<void> {
  await Promise.all(batches.map(({ done }) => done));
}

function unmovedBy({ heads }: WriteSet): number[] {
  return heads.filter(({ expected, next }) => next.sequence === expected).map(({ bucket }) => bucket);
}

function atomicPartOf({ units, lanes }: Batch): Batch {
  return { units: units.filter(({ isAtomic }) => isAtomic), lanes };
}

function repeatsKnownKey(batch: Batch, books: Books): boolean {
  return batch.units.some(({ commands }) =>
    commands.some(({ slot, homeBucket }) => slot !== '' && books.find(homeBucket)?.keys.has(slot)),
  );
}

interface AnswerTiming {
  readonly startedAtMs: number;
  readonly isCautious: boolean;
}

/** Waits between half and all of `durationMs`, so that processes do not come back all at once. */
function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs * (0.5 + Math.random() / 2)));
}
