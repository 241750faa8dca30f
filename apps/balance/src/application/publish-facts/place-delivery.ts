import { OutageError } from '@steelyard/platform/outage';
import { FactIntegrityError, type FactStretch, type FactTail } from '../read-facts/fact-tail.port.js';
import type { DuePlace, FactPositions } from './fact-positions.port.js';
import type { FactSink } from './fact-sink.port.js';
import type { GroupedMoves } from './grouped-moves.js';
import type { DeliveryObserver } from './publisher-observer.js';
import { retryPauseMs } from './retry-pause.js';

export interface DeliveryParts {
  readonly tail: FactTail;
  readonly positions: FactPositions;
  readonly moves: GroupedMoves;
  readonly observer: DeliveryObserver;
}

export interface DeliveryTerms {
  /** Asked between batches: true when the process is to end. */
  readonly isStopping: () => boolean;
  /** Whether to go on holding the lease when the consumer has everything. */
  readonly keepsLease: () => boolean;
}

// A transaction's worth for the consumer, and little enough that the others on its connection get their turn.
const LIMITS = { factsMax: 500, bytesMax: 512 * 1024 };

/** What was tried did not work out, and is the consumer's matter or the ledger's, not that of the positions. */
class FailedAttempt extends Error {
  override readonly name = 'FailedAttempt';

  constructor(
    override readonly cause: unknown,
    readonly afterSequence: bigint,
    readonly facts: number,
  ) {
    super('a delivery failed');
  }
}

/** Brings one consumer up to date in one bucket, batch by batch in order, as far as it goes. */
export class PlaceDelivery {
  #failures: number;

  constructor(
    private readonly parts: DeliveryParts,
    private readonly sink: FactSink,
    private readonly place: DuePlace,
    private readonly terms: DeliveryTerms,
  ) {
    this.#failures = place.failures;
  }

  /** @throws what reading or moving positions throws; the lease then ends by itself. */
  async run(): Promise<void> {
    try {
      let after: bigint | undefined = this.place.sequence;
      while (after !== undefined) after = await this.#deliverBatch(after);
    } catch (error) {
      if (!(error instanceof FailedAttempt)) throw error;
      await this.#giveUp(error);
    }
  }

  /** Where to go on; undefined when there is nothing more to do, or it is no longer this process's to do. */
  async #deliverBatch(after: bigint): Promise<bigint | undefined> {
    const { parts, place, terms } = this;
    const { bucket, consumer } = place;
    const stretch = await this.#read(after);
    if (stretch.facts.length === 0) {
      await parts.positions.release(place);
      return undefined;
    }
    const through = await this.#handOver(after, stretch);
    // A consumer that was restored from a backup goes back: it gets again what it lost, after a pause.
    const isBehind = through < after;
    const goesOn = through < stretch.headSequence && !terms.isStopping();
    const keepsLease = goesOn || isBehind || terms.keepsLease();
    const hasMoved = await parts.moves.move({ consumer, bucket, from: after, to: through, keepsLease });
    if (isBehind) throw new FailedAttempt(new Error('the consumer went back'), after, stretch.facts.length);
    this.#failures = 0;
    parts.observer.delivered(consumer, Math.min(stretch.facts.length, Number(through - after)));
    return hasMoved && goesOn ? through : undefined;
  }

  async #read(after: bigint): Promise<FactStretch> {
    try {
      return await this.parts.tail.read(this.place.bucket, after, LIMITS);
    } catch (error) {
      if (error instanceof FactIntegrityError) throw new FailedAttempt(error, after, 0);
      throw error;
    }
  }

  async #handOver(afterSequence: bigint, { facts, headSequence }: FactStretch): Promise<bigint> {
    const { bucket } = this.place;
    const through = await this.sink.deliver({ bucket, afterSequence, facts }).catch((error: unknown) => {
      throw new FailedAttempt(error, afterSequence, facts.length);
    });
    if (through === afterSequence) {
      throw new FailedAttempt(new Error('the consumer took nothing'), afterSequence, facts.length);
    }
    // It may have read further by itself; but what the ledger does not have, it cannot have.
    if (through > headSequence && through > (await this.#head(bucket))) {
      const message = `it has fact ${through} of bucket ${bucket}, which this ledger does not have`;
      throw new FailedAttempt(new FactIntegrityError(message), afterSequence, facts.length);
    }
    return through;
  }

  async #head(bucket: number): Promise<bigint> {
    const { heads } = await this.parts.tail.heads();
    return heads.find((head) => head.bucket === bucket)?.sequence ?? 0n;
  }

  async #giveUp({ cause, afterSequence, facts }: FailedAttempt): Promise<void> {
    const { consumer, bucket } = this.place;
    const attempt = this.#failures + 1;
    const pauseMs = retryPauseMs(attempt, Math.random());
    this.parts.observer.failed({ consumer, bucket, attempt, error: cause });
    const reason = reasonOf(cause);
    const failed = { consumer, bucket, afterSequence, facts, attempt, pauseMs, reason };
    await this.parts.positions.fail(failed);
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : 'unknown';
  return error instanceof OutageError ? `away: ${reason}` : reason;
}
