/** Counts the requests of callers. */
export abstract class RateLimiterPort {
  /** Counts one request; the seconds to wait when the caller has used up its share, else undefined. */
  abstract consume(callerId: string): Promise<number | undefined>;
}
