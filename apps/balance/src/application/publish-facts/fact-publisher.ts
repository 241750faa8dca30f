import { setTimeout as delay } from 'node:timers/promises';
import type { FactTail } from '../read-facts/fact-tail.port.js';
import { Alarm } from './alarm.js';
import { ConsumerPresence } from './consumer-presence.js';
import type { DuePlace, FactPositions, PlaceKey } from './fact-positions.port.js';
import type { FactSink } from './fact-sink.port.js';
import { GroupedMoves } from './grouped-moves.js';
import { PlaceDelivery, type DeliveryParts } from './place-delivery.js';
import type { PublisherObserver } from './publisher-observer.js';

export interface PublisherParts {
  readonly tail: FactTail;
  readonly positions: FactPositions;
  /** One a consumer. */
  readonly sinks: readonly FactSink[];
  readonly observer: PublisherObserver;
}

export interface PublisherSettings {
  /** How often to look for facts that other processes committed, and for what is to be tried again. */
  readonly pollIntervalMs: number;
  /** For how long leases are kept after this process's last commit. */
  readonly keepLeasesMs: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Buckets of one consumer under way at once: one that is slow or away keeps no more than these waiting. */
const BUCKETS_PER_CONSUMER_MAX = 8;
/**
 * Rest after a round, for each of its deliveries. One costs about half a millisecond in this process, PostgreSQL and
 * the consumer together: so under load facts collect into larger deliveries instead of taking the processors from
 * postings, and what is committed on its own goes out at once.
 */
const REST_PER_DELIVERY_MS = 3;
const REST_MAX_MS = 250;
const RETRY_MAX_MS = 5_000;

/**
 * Brings committed facts to consumers: at least once, per bucket in order and without gaps. Every process of the app
 * runs one; what one delivers, the others leave alone.
 */
export class FactPublisher {
  readonly #parts: PublisherParts;
  readonly #settings: PublisherSettings;
  readonly #sinks: ReadonlyMap<string, FactSink>;
  readonly #deliveryParts: DeliveryParts;
  readonly #stopping = new AbortController();
  readonly #alarm = new Alarm();
  readonly #running = new Map<string, Promise<void>>();
  readonly #runningByConsumer = new Map<string, number>();
  #committedAtMs = 0;
  #isWaitingForRoom = false;
  #loop: Promise<void> | undefined;

  constructor(parts: PublisherParts, settings: PublisherSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#sinks = new Map(parts.sinks.map((sink) => [sink.consumer, sink]));
    const onReturn = (consumer: string): void => void this.#endPauses(consumer);
    const observer = new ConsumerPresence(parts.observer, { onReturn, now: settings.now });
    this.#deliveryParts = { ...parts, observer, moves: new GroupedMoves(parts.positions) };
  }

  /** Begins in the background. */
  start(): void {
    if (this.#sinks.size > 0) this.#loop ??= this.#run();
  }

  /** To be told of each of this process's commits: costs nothing, and what was committed goes out at once. */
  nudge(): void {
    this.#committedAtMs = this.#settings.now();
    this.#alarm.ring();
  }

  /** Starts nothing more, and resolves when what is under way is done and other processes may go on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#alarm.ring();
    await this.#loop;
    await Promise.all(this.#running.values());
    if (this.#loop === undefined) return;
    // Without them the leases end by themselves.
    await this.#parts.positions
      .releaseAll()
      .catch((error: unknown) => this.#parts.observer.interrupted(error));
  }

  async #run(): Promise<void> {
    const { pollIntervalMs } = this.#settings;
    const consumers = [...this.#sinks.keys()];
    let isOpen = false;
    let retryMs = pollIntervalMs;
    while (!this.#stopping.signal.aborted) {
      try {
        if (!isOpen) await this.#parts.positions.open(consumers);
        isOpen = true;
        const started = await this.#round(consumers);
        this.#parts.observer.resumed();
        retryMs = pollIntervalMs;
        await this.#rest(Math.min(started * REST_PER_DELIVERY_MS, REST_MAX_MS));
        await this.#alarm.sleep(pollIntervalMs);
      } catch (error) {
        this.#parts.observer.interrupted(error);
        await this.#rest(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
  }

  /** Starts a delivery wherever one is due and there is room for it. Returns how many. */
  async #round(consumers: readonly string[]): Promise<number> {
    const { positions } = this.#parts;
    // What ends while the answer is on its way has moved since it was read.
    const before = new Set(this.#running.keys());
    const due = await positions.due(consumers);
    const idle = due.filter((place) => !before.has(textOf(place)));
    const chosen = this.#withinRoom(idle);
    this.#isWaitingForRoom = chosen.length < idle.length;
    const others = chosen.filter(({ isLeased }) => !isLeased);
    const claimed = others.length === 0 ? [] : await positions.claim(others);
    const places = [...chosen.filter(({ isLeased }) => isLeased), ...claimed];
    if (this.#stopping.signal.aborted) return 0;
    for (const place of places) this.#start(place);
    return places.length;
  }

  #withinRoom(places: readonly DuePlace[]): readonly DuePlace[] {
    const rooms = new Map<string, number>();
    return places.filter(({ consumer }) => {
      const room =
        rooms.get(consumer) ?? BUCKETS_PER_CONSUMER_MAX - (this.#runningByConsumer.get(consumer) ?? 0);
      rooms.set(consumer, room - 1);
      return room > 0;
    });
  }

  #start(place: DuePlace): void {
    const sink = this.#sinks.get(place.consumer);
    if (!sink) return;
    const { now, keepLeasesMs } = this.#settings;
    const delivery = new PlaceDelivery(this.#deliveryParts, sink, place, {
      isStopping: () => this.#stopping.signal.aborted,
      keepsLease: () => !this.#stopping.signal.aborted && now() - this.#committedAtMs < keepLeasesMs,
    });
    this.#count(place, 1);
    const running = delivery
      .run()
      .catch((error: unknown) => this.#parts.observer.interrupted(error))
      .finally(() => {
        this.#running.delete(textOf(place));
        this.#count(place, -1);
        if (this.#isWaitingForRoom) this.#alarm.ring();
      });
    this.#running.set(textOf(place), running);
  }

  #count({ consumer }: PlaceKey, change: number): void {
    this.#runningByConsumer.set(consumer, (this.#runningByConsumer.get(consumer) ?? 0) + change);
  }

  async #endPauses(consumer: string): Promise<void> {
    try {
      await this.#parts.positions.endPauses(consumer);
      this.#alarm.ring();
    } catch (error) {
      // They end by themselves.
      this.#parts.observer.interrupted(error);
    }
  }

  /** A pause that commits do not cut short. */
  async #rest(durationMs: number): Promise<void> {
    if (durationMs === 0) return;
    await delay(durationMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

function textOf({ consumer, bucket }: PlaceKey): string {
  return `${consumer}/${bucket}`;
}
