import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Redis } from 'ioredis';
import { RateLimiterPort } from './rate-limiter.port.js';

const WINDOW_SECONDS = 1;
const KEY_PREFIX = 'steelyard:rate';

/** Counts requests a second, in this process or, with Redis, over all gateways. */
export class CallerRateLimiter extends RateLimiterPort {
  readonly #limiter: RateLimiterAbstract;

  /** @param redis counts are shared over it; while it is away each process counts for itself. */
  constructor(requestsPerSecond: number, redis?: Redis) {
    super();
    const window = { points: requestsPerSecond, duration: WINDOW_SECONDS, keyPrefix: KEY_PREFIX };
    const inMemory = new RateLimiterMemory(window);
    this.#limiter = redis
      ? new RateLimiterRedis({ ...window, storeClient: redis, insuranceLimiter: inMemory })
      : inMemory;
  }

  async consume(callerId: string): Promise<number | undefined> {
    try {
      await this.#limiter.consume(callerId);
      return undefined;
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      return Math.max(1, Math.ceil(rejection.msBeforeNext / 1_000));
    }
  }
}
