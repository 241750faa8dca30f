import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState as LibraryState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { SteelyardUnavailableError } from '../answers/index.js';
import type { Resilience } from './settings.js';

/** `open`: nothing is sent, calls fail at once. `half-open`: one call is finding out whether the service is back. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** Stops asking a service that does not answer, so that it can recover and callers learn of it at once. */
export class Circuit {
  readonly #policy: CircuitBreakerPolicy;

  constructor({ failuresToOpen, probeAfterMs }: Pick<Resilience, 'failuresToOpen' | 'probeAfterMs'>) {
    this.#policy = circuitBreaker(handleWhen(countsAsFailure), {
      breaker: new ConsecutiveBreaker(failuresToOpen),
      halfOpenAfter: probeAfterMs,
    });
  }

  get state(): CircuitState {
    return nameOf(this.#policy.state);
  }

  /** Calls the listener with every new state; returns what ends that. */
  onStateChange(listener: (state: CircuitState) => void): () => void {
    const subscription = this.#policy.onStateChange((state) => listener(nameOf(state)));
    return () => subscription.dispose();
  }

  /** Runs one try. @throws SteelyardUnavailableError with `circuit-open` when nothing may be sent now */
  async run<Value>(attempt: () => Promise<Value>): Promise<Value> {
    try {
      return await this.#policy.execute(attempt);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new SteelyardUnavailableError('the last calls failed; nothing is sent for a moment', {
        reason: 'circuit-open',
        maybeApplied: false,
        cause: error,
      });
    }
  }
}

/** A service that asks us to slow down is there; and what was never sent for lack of time says nothing of it. */
function countsAsFailure(error: unknown): boolean {
  if (!(error instanceof SteelyardUnavailableError)) return false;
  return error.reason !== 'rate-limited' && (error.reason !== 'deadline' || error.maybeApplied);
}

function nameOf(state: LibraryState): CircuitState {
  switch (state) {
    case LibraryState.Closed:
      return 'closed';
    case LibraryState.HalfOpen:
      return 'half-open';
    case LibraryState.Open:
    case LibraryState.Isolated:
      return 'open';
  }
}
