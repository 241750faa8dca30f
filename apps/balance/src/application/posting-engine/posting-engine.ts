import type { Answer, PreparedCommand } from '@steelyard/domain/posting';
import { Books } from '@steelyard/domain/posting';
import { OutageError } from '@steelyard/platform/outage';
import { BatchWriter, type EngineContext, type EngineObserver, type RunningBatch } from './batch-writer.js';
import { LaneQueues, type BatchLimits } from './lane-queues.js';
import type { PostingStorage } from './posting-storage.port.js';
import type { Batch, WorkUnit } from './work-unit.js';

export interface EngineOptions {
  /** Groups of buckets that are worked on independently; a bucket's lane is its number modulo this. */
  readonly lanes: number;
  readonly limits: BatchLimits;
  /**
   * A batch is decided while the one before it is still being written only when so many commands wait. Fewer had
   * better collect until that one is through: a larger batch saves more than overlapping does.
   */
  readonly overlapCommandsMin: number;
  /** How long a command may wait for its commit, outages included. */
  readonly deadlineMs: number;
  /** Commands that may wait; more are turned away at once, so that memory stays bounded in an outage. */
  readonly queueCommandsMax: number;
  /** Accounts and keys kept in memory. */
  readonly cacheEntriesMax: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** A command, and the number of the atomic group that it belongs to (0: none). */
export interface Submission {
  readonly prepared: PreparedCommand;
  readonly atomicGroup: number;
}

const EXPIRY_CHECK_MS = 250;
// One batch is decided while the one before it is written. More would only wait for the same heads.
const PIPELINE_DEPTH = 2;

/**
 * Puts commands into lanes, and while a lane's batch is being written collects the next one: no timer, so that an
 * idle engine answers at once and a busy one writes large batches. Callers are answered only after the commit.
 */
export class PostingEngine {
  readonly #books = new Books();
  readonly #queues: LaneQueues;
  readonly #writer: BatchWriter;
  readonly #options: EngineOptions;
  /** Batches in flight by lane; the last is what the next one is decided after. */
  readonly #inFlight: RunningBatch[][];
  #isDraining = false;
  #expiryTimer: NodeJS.Timeout | undefined;

  constructor(
    storage: PostingStorage,
    context: EngineContext,
    options: EngineOptions,
    observer: EngineObserver,
  ) {
    this.#options = options;
    this.#queues = new LaneQueues(options.lanes, options.limits);
    this.#inFlight = Array.from({ length: options.lanes }, () => []);
    this.#writer = new BatchWriter({ storage, books: this.#books, context, now: options.now, observer });
  }

  /** Executes commands in order; one answer each, after they are committed. Rejects with OutageError. */
  execute(submissions: readonly Submission[]): Promise<Answer[]> {
    if (submissions.length === 0) return Promise.resolve([]);
    if (this.#queues.commands + submissions.length > this.#options.queueCommandsMax) {
      return Promise.reject(new OutageError('the posting queue is full'));
    }
    return new Promise((resolve, reject) => {
      for (const unit of this.#unitsOf(submissions, resolve, reject)) this.#queues.push(unit);
      this.#pump();
      this.#watchDeadlines();
    });
  }

  /** Resolves when nothing is waiting or in flight. */
  async drain(): Promise<void> {
    while (this.#queues.commands > 0 || this.#inFlight.some((batches) => batches.length > 0)) {
      await Promise.all(this.#inFlight.flat().map(({ done }) => done));
      await new Promise(setImmediate);
    }
  }

  #unitsOf(
    submissions: readonly Submission[],
    resolve: (answers: Answer[]) => void,
    fail: (error: Error) => void,
  ): WorkUnit[] {
    const answers = new Array<Answer>(submissions.length);
    let open = submissions.length;
    const deadlineAtMs = this.#options.now() + this.#options.deadlineMs;
    return groupIndexes(submissions).map((indexes) => {
      const commands = indexes.flatMap((index) => submissions[index]?.prepared ?? []);
      return {
        commands,
        isAtomic: (submissions[indexes[0] ?? 0]?.atomicGroup ?? 0) !== 0,
        lanes: this.#lanesOf(commands),
        bytes: commands.reduce((sum, command) => sum + command.metadataJson.length, 0),
        deadlineAtMs,
        succeed: (unitAnswers) => {
          unitAnswers.forEach((answer, i) => (answers[indexes[i] ?? 0] = answer));
          open -= indexes.length;
          if (open === 0) resolve(answers);
        },
        fail,
      };
    });
  }

  #lanesOf(commands: readonly PreparedCommand[]): readonly number[] {
    const { lanes } = this.#options;
    if (lanes === 1) return [0];
    const needed = new Set(commands.flatMap(({ buckets }) => buckets.map((bucket) => bucket % lanes)));
    return [...needed].sort((left, right) => left - right);
  }

  #pump(): void {
    while (!this.#isDraining) {
      const batch = this.#queues.take((lane) => this.#hasRoom(lane));
      if (!batch) return;
      this.#start(batch);
    }
  }

  #hasRoom(lane: number): boolean {
    const inFlight = this.#inFlight[lane]?.length ?? 0;
    if (inFlight === 0) return true;
    const mayOverlap = !this.#writer.isCautious && this.#queues.commands >= this.#options.overlapCommandsMin;
    return mayOverlap && inFlight < PIPELINE_DEPTH;
  }

  #start(batch: Batch): void {
    const before = batch.lanes.flatMap((lane) => this.#inFlight[lane] ?? []);
    const running = this.#writer.run(batch, before);
    for (const lane of batch.lanes) this.#inFlight[lane]?.push(running);
    void running.done.finally(() => {
      for (const lane of batch.lanes) {
        const batches = this.#inFlight[lane];
        batches?.splice(batches.indexOf(running), 1);
      }
      this.#boundMemory();
      this.#pump();
    });
  }

  /** Over the bound nothing new starts; when the last batch is through, the books begin afresh. */
  #boundMemory(): void {
    this.#isDraining ||= this.#books.size() > this.#options.cacheEntriesMax;
    if (!this.#isDraining || this.#inFlight.some((batches) => batches.length > 0)) return;
    this.#books.clear();
    this.#isDraining = false;
  }

  /** In an outage commands wait in the queue; whoever has waited too long is told. */
  #watchDeadlines(): void {
    this.#expiryTimer ??= setInterval(() => {
      for (const unit of this.#queues.removeExpired(this.#options.now())) {
        unit.fail(new OutageError('the command was not started within its deadline'));
      }
      if (this.#queues.commands > 0) return;
      clearInterval(this.#expiryTimer);
      this.#expiryTimer = undefined;
    }, EXPIRY_CHECK_MS).unref();
  }
}

/** Indexes of the submissions, those of one atomic group together, at the place of the group's first. */
function groupIndexes(submissions: readonly Submission[]): number[][] {
  const groups = new Map<number, number[]>();
  const units: number[][] = [];
  submissions.forEach(({ atomicGroup }, index) => {
    const known = atomicGroup === 0 ? undefined : groups.get(atomicGroup);
    if (known) {
      known.push(index);
      return;
    }
    const unit = [index];
    units.push(unit);
    if (atomicGroup !== 0) groups.set(atomicGroup, unit);
  });
  return units;
}
