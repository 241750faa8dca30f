import type { WriteSet } from '@steelyard/domain/posting';
import { OutageError } from '@steelyard/platform/outage';
import type {
  KeyRef,
  LoadedHead,
  LoadedKey,
  LoadedState,
  LoadRequest,
  PostingTransaction,
} from '../../src/application/posting-engine/posting-storage.port.js';
import { PostgresPostingStorage } from '../../src/infrastructure/postgres/postgres-posting-storage.js';
import { STORAGE_OPTIONS } from './test-engine.js';
import type { Connections } from './use-balance-database.js';

/** Holds something back until it is opened, and says when something waits. */
export class Gate {
  #open: () => void = () => undefined;
  #arrive: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));
  /** Resolves when the first has arrived. */
  readonly arrival = new Promise<void>((resolve) => (this.#arrive = resolve));

  open(): void {
    this.#open();
  }

  pass(): Promise<void> {
    this.#arrive();
    return this.#opened;
  }
}

/** The real storage, whose swift path a test can slow down: a statement on its way, or an answer on its way back. */
export class GatedStorage extends PostgresPostingStorage {
  beforeWrite: Gate | undefined;
  afterLoad: Gate | undefined;
  /** The next write does not come to the database; its caller hears of it when the gate opens. */
  lostWrite: Gate | undefined;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor({ pool, writers }: Connections) {
    super(pool, writers, STORAGE_OPTIONS);
  }

  override async write(writeSet: WriteSet, channel?: number): Promise<void> {
    const lost = this.lostWrite;
    this.lostWrite = undefined;
    if (lost) {
      await lost.pass();
      throw new OutageError('the write was lost');
    }
    await this.beforeWrite?.pass();
    await this.#watch(super.write(writeSet, channel));
  }

  override heads(buckets: readonly number[]): Promise<readonly LoadedHead[]> {
    return this.#watch(super.heads(buckets));
  }

  override async load(request: LoadRequest): Promise<LoadedState> {
    const state = await this.#watch(super.load(request));
    await this.afterLoad?.pass();
    return state;
  }

  override async loadKeys(keys: readonly KeyRef[]): Promise<readonly LoadedKey[]> {
    const known = await this.#watch(super.loadKeys(keys));
    await this.afterLoad?.pass();
    return known;
  }

  override withLockedHeads<T>(
    buckets: readonly number[],
    work: (heads: readonly LoadedHead[], transaction: PostingTransaction) => Promise<T>,
  ): Promise<T> {
    return this.#watch(super.withLockedHeads(buckets, work));
  }

  /**
   * Resolves when nothing is with the database and nothing follows from its last answer. An engine moves by these
   * answers alone: what it has not begun by then waits for a gate.
   */
  async idle(): Promise<void> {
    do {
      await Promise.allSettled(this.#underWay);
      await new Promise(setImmediate);
    } while (this.#underWay.size > 0);
  }

  async #watch<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }
}
