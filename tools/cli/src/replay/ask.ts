import { SteelyardProtocolError, SteelyardUnavailableError, type SteelyardClient } from '@steelyard/client';
import { withRetry, type BackoffOptions } from '../api/backoff.js';
import { Outage } from '../api/outage.js';
import { CliError } from '../cli-error.js';

/** Asks the platform until it answers, for as long as the backoff allows. Every call must be safe to repeat. */
export type Ask = <Answer>(call: (client: SteelyardClient) => Promise<Answer>) => Promise<Answer>;

/** Throws a CliError when the platform stays away or answers what nobody understands, Interrupted on Ctrl-C. */
export function createAsk(client: SteelyardClient, address: string, backoff: BackoffOptions): Ask {
  return (call) =>
    withRetry(backoff, async () => {
      try {
        return await call(client);
      } catch (error) {
        throw explained(error, address);
      }
    });
}

function explained(error: unknown, address: string): unknown {
  if (error instanceof SteelyardUnavailableError) {
    const message = `no answer from the balance service at ${address}: is the platform running? Start it with: npm start`;
    return new Outage(message, {
      cause: error,
      ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    });
  }
  if (error instanceof SteelyardProtocolError) {
    const message = `${address} answered: ${error.message}; is it the gRPC port of the balance service, of this version?`;
    return new CliError(message, { cause: error });
  }
  return error;
}
