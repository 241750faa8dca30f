import { setTimeout as delay } from 'node:timers/promises';
import type { FactTail } from '../read-facts/fact-tail.port.js';
import { Alarm } from './alarm.js';
import { ConsumerPresence } from './consumer-presence.js';
import { deliveryGroups } from './delivery-groups.js';
import type { DuePlace, FactPositions, Place, PlaceKey } from './fact-positions.port.js';
import type { FactSink } from './fact-sink.port.js';
import { GroupDelivery, type DeliveryParts } from './group-delivery.js';
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

/** Deliveries of one consumer under way at once: one that is slow or away keeps no more than these waiting. */
const DELIVERIES_PER_CONSUMER_MAX = 8;
/**
 * Rest after a round, for each bucket of each consumer in it. Under load facts so collect into few large deliveries
 * instead of taking the processors from postings: each costs a call here and a transaction in the consumer, however
 * few facts it holds. What is committed on its own goes out at once, and no fact waits for longer than the longest rest
 * and the delivery before it.
 */
const REST_PER_PLACE_MS = 3;
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
  /** Cuts a rest short; commits do not. */
  readonly #resting = new Alarm();
  readonly #running = new Set<Promise<void>>();
  readonly #placesUnderWay = new Set<string>();
  readonly #deliveriesUnderWay = new Map<string, number>();
  #committedAtMs = 0;
  #isSomeoneWaiting = false;
  #loop: Promise<void> | undefined;

  constructor(parts: PublisherParts, settings: PublisherSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#sinks = new Map(parts.sinks.map((sink) => [sink.consumer, sink]));
    const onReturn = (consumer: string): void => void this.#endPauses(consumer);
    const observer = new ConsumerPresence(parts.observer, { onReturn, now: settings.now });
    this.#deliveryParts = { ...parts, observer };
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
    this.#goOn();
    await this.#loop;
    await Promise.all(this.#running);
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
        if (started > 0) await this.#resting.sleep(Math.min(started * REST_PER_PLACE_MS, REST_MAX_MS));
        await this.#alarm.sleep(pollIntervalMs);
      } catch (error) {
        this.#parts.observer.interrupted(error);
        await this.#rest(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
  }

  /** Starts deliveries wherever some are due and there is room for them. Returns to how many places. */
  async #round(consumers: readonly string[]): Promise<number> {
    // What ends while the answer is on its way has moved since it was read.
    const before = new Set(this.#placesUnderWay);
    const due = await this.#parts.positions.due(consumers);
    const underWay = due.map(textOf).filter((place) => before.has(place));
    const groups = deliveryGroups(due.filter((place) => !before.has(textOf(place))));
    const chosen = this.#withinRoom(groups);
    // What is committed to a bucket after it was read for a delivery has to wait for the end of that delivery.
    this.#isSomeoneWaiting = chosen.length < groups.length || underWay.length > 0;
    if (underWay.some((place) => !this.#placesUnderWay.has(place))) this.#alarm.ring();
    const leased = await this.#lease(chosen.flat());
    if (this.#stopping.signal.aborted) return 0;
    for (const group of chosen) this.#start(group.flatMap((place) => leased.get(textOf(place)) ?? []));
    return leased.size;
  }

  #withinRoom(groups: readonly (readonly DuePlace[])[]): readonly (readonly DuePlace[])[] {
    const rooms = new Map<string, number>();
    return groups.filter(([first]) => {
      if (first === undefined) return false;
      const { consumer } = first;
      const underWay = this.#deliveriesUnderWay.get(consumer) ?? 0;
      const room = rooms.get(consumer) ?? DELIVERIES_PER_CONSUMER_MAX - underWay;
      rooms.set(consumer, room - 1);
      return room > 0;
    });
  }

  /** Those that this process holds, with where they are. */
  async #lease(places: readonly DuePlace[]): Promise<ReadonlyMap<string, Place>> {
    const others = places.filter(({ isLeased }) => !isLeased);
    const claimed = others.length === 0 ? [] : await this.#parts.positions.claim(others);
    const held = [...places.filter(({ isLeased }) => isLeased), ...claimed];
    return new Map(held.map((place) => [textOf(place), place] as const));
  }

  /** @param group of one consumer; empty when others were faster. */
  #start(group: readonly Place[]): void {
    const sink = this.#sinks.get(group[0]?.consumer ?? '');
    if (!sink) return;
    const { consumer } = sink;
    const { now, keepLeasesMs } = this.#settings;
    const keepsLeases = (): boolean =>
      !this.#stopping.signal.aborted && now() - this.#committedAtMs < keepLeasesMs;
    const delivery = new GroupDelivery(this.#deliveryParts, sink, keepsLeases);
    const places = group.map(textOf);
    for (const place of places) this.#placesUnderWay.add(place);
    this.#count(consumer, 1);
    const running = delivery
      .run(group)
      .catch((error: unknown) => {
        this.#parts.observer.interrupted(error);
        return false;
      })
      .then((hasMore) => {
        this.#running.delete(running);
        for (const place of places) this.#placesUnderWay.delete(place);
        this.#count(consumer, -1);
        if (hasMore) this.#goOn();
        else if (this.#isSomeoneWaiting) this.#alarm.ring();
      });
    this.#running.add(running);
  }

  #count(consumer: string, change: number): void {
    this.#deliveriesUnderWay.set(consumer, (this.#deliveriesUnderWay.get(consumer) ?? 0) + change);
  }

  /** Looks again at once: what is lacking is known to be there. */
  #goOn(): void {
    this.#resting.ring();
    this.#alarm.ring();
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

  /** A pause after a failure; only the end of the process cuts it short. */
  async #rest(durationMs: number): Promise<void> {
    await delay(durationMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

function textOf({ consumer, bucket }: PlaceKey): string {
  return `${consumer}/${bucket}`;
}
