/** Where the time comes from. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  abstract nowMs(): number;
}
