import { OutageError } from '@steelyard/platform/outage';
import { FactIntegrityError, type FactStretch, type FactTail } from '../read-facts/fact-tail.port.js';
import type { FactPositions, Place, PositionMove } from './fact-positions.port.js';
import type { FactSink } from './fact-sink.port.js';
import type { DeliveryObserver } from './publisher-observer.js';
import { retryPauseMs } from './retry-pause.js';
import { stretchLimits } from './stretch-limits.js';

export interface DeliveryParts {
  readonly tail: FactTail;
  readonly positions: FactPositions;
  readonly observer: DeliveryObserver;
}

/** A place with the facts that its consumer lacks there. */
interface Share {
  readonly place: Place;
  readonly stretch: FactStretch;
}

/** What did not work out is the consumer's matter or the ledger's, not that of the positions. */
interface Failure {
  readonly place: Place;
  readonly error: unknown;
  /** Facts that were handed over. */
  readonly facts: number;
}

/** What became of a place. */
interface Step {
  readonly move?: PositionMove;
  readonly failure?: Failure;
  /** The ledger has more for it. */
  readonly hasMore?: boolean;
}

/** Brings one consumer further in some buckets with one delivery: facts of all of them, in order within each. */
export class GroupDelivery {
  constructor(
    private readonly parts: DeliveryParts,
    private readonly sink: FactSink,
    /** Whether to go on holding the leases when the consumer has everything. */
    private readonly keepsLeases: () => boolean,
  ) {}

  /**
   * Returns whether the consumer could take more at once.
   *
   * @param places of the sink's consumer, leased.
   * @throws what reading or moving positions throws; the leases then end by themselves.
   */
  async run(places: readonly Place[]): Promise<boolean> {
    const shares: Share[] = [];
    const steps: Step[] = [];
    for (const read of await this.#read(places)) {
      if ('error' in read) steps.push({ failure: read });
      else if (read.stretch.facts.length === 0) steps.push(restingAt(read.place));
      else shares.push(read);
    }
    if (shares.length > 0) steps.push(...(await this.#handOver(shares)));
    const moves = steps.flatMap(({ move }) => move ?? []);
    if (moves.length > 0) await this.parts.positions.move(moves);
    for (const { failure } of steps) if (failure) await this.#giveUp(failure);
    return steps.some(({ hasMore }) => hasMore);
  }

  #read(places: readonly Place[]): Promise<readonly (Share | Failure)[]> {
    const limits = stretchLimits(places.length);
    return Promise.all(
      places.map(async (place) => {
        try {
          return { place, stretch: await this.parts.tail.read(place.bucket, place.sequence, limits) };
        } catch (error) {
          if (error instanceof FactIntegrityError) return { place, error, facts: 0 };
          throw error;
        }
      }),
    );
  }

  async #handOver(shares: readonly Share[]): Promise<readonly Step[]> {
    const deliveries = shares.map(({ place, stretch: { facts } }) => ({
      bucket: place.bucket,
      afterSequence: place.sequence,
      facts,
    }));
    let answers: readonly bigint[];
    try {
      answers = await this.sink.deliver(deliveries);
    } catch (error) {
      return shares.map((share) => failed(share, error));
    }
    const heads = await this.#headsBeyond(shares, answers);
    let delivered = 0;
    const steps = shares.map((share, i) => {
      const through = answers[i] ?? share.place.sequence;
      const step = this.#stepOf(share, through, heads?.get(share.place.bucket));
      if (step.failure === undefined) delivered += takenOf(share, through);
      return step;
    });
    if (delivered > 0) this.parts.observer.delivered(this.sink.consumer, delivered);
    return steps;
  }

  #stepOf(share: Share, through: bigint, head: bigint | undefined): Step {
    const { place, stretch } = share;
    const { consumer, bucket, sequence: from } = place;
    if (through === from) return failed(share, new Error('the consumer took nothing'));
    // It may have read further by itself; but what the ledger does not have, it cannot have.
    if (through > stretch.headSequence && through > (head ?? 0n)) {
      const message = `it has fact ${through} of bucket ${bucket}, which this ledger does not have`;
      return failed(share, new FactIntegrityError(message));
    }
    // A consumer that was restored from a backup goes back: it gets again what it lost, after a pause.
    const isBehind = through < from;
    const hasMore = !isBehind && through < stretch.headSequence;
    const keepsLease = hasMore || isBehind || this.keepsLeases();
    const move = { consumer, bucket, from, to: through, keepsLease };
    if (isBehind) return { ...failed(share, new Error('the consumer went back')), move };
    return { move, hasMore };
  }

  /** The ledger's heads, when a consumer claims to be further than was read. */
  async #headsBeyond(
    shares: readonly Share[],
    answers: readonly bigint[],
  ): Promise<ReadonlyMap<number, bigint> | undefined> {
    if (shares.every(({ stretch }, i) => (answers[i] ?? 0n) <= stretch.headSequence)) return undefined;
    const { heads } = await this.parts.tail.heads();
    return new Map(heads.map(({ bucket, sequence }) => [bucket, sequence]));
  }

  async #giveUp({ place, error, facts }: Failure): Promise<void> {
    const { consumer, bucket, sequence: afterSequence } = place;
    const attempt = place.failures + 1;
    const pauseMs = retryPauseMs(attempt, Math.random());
    this.parts.observer.failed({ consumer, bucket, attempt, error });
    const reason = reasonOf(error);
    await this.parts.positions.fail({ consumer, bucket, afterSequence, facts, attempt, pauseMs, reason });
  }
}

/** Nothing is lacking any more: somebody else was faster. */
function restingAt({ consumer, bucket, sequence }: Place): Step {
  return { move: { consumer, bucket, from: sequence, to: sequence, keepsLease: false } };
}

function failed({ place, stretch }: Share, error: unknown): Step {
  return { failure: { place, error, facts: stretch.facts.length } };
}

/** Of the facts that were handed over. */
function takenOf({ place, stretch }: Share, through: bigint): number {
  return Math.min(stretch.facts.length, Number(through - place.sequence));
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : 'unknown';
  return error instanceof OutageError ? `away: ${reason}` : reason;
}
