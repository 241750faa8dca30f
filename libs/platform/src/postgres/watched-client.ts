import { Socket } from 'node:net';
import pg from 'pg';
import { OutageError } from '../outage/index.js';
import type { WatchedClientConfig } from './connection-config.js';
import { isOutage } from './sqlstate.js';

/**
 * A pg client that
 * - rejects with OutageError when the connection is lost or the server cannot work, where pg gives errors that
 *   only their text tells apart;
 * - survives losing its connection while it is checked out and idle, which pg reports as an 'error' event that
 *   ends the process when nobody listens;
 * - gives up when an answer does not come, because neither keep-alive nor the server's statement timeout ends the
 *   wait when the network swallows packets.
 */
export class WatchedClient extends pg.Client {
  readonly #answerTimeoutMs: number;
  #lost = false;
  #unanswered = 0;

  constructor(config: WatchedClientConfig) {
    super(config);
    this.#answerTimeoutMs = config.answerTimeoutMs;
    this.on('error', () => (this.#lost = true));
    this.on('end', () => (this.#lost = true));
    this.once('connect', () => this.#watchForSilence());
    const submit = this.query.bind(this);
    // pg's dozen overloads of `query` cannot be restated by an override; the arguments go through untouched.
    this.query = ((...args: Parameters<typeof submit>) =>
      this.#watched(submit, args)) as unknown as typeof this.query;
  }

  /** True once the connection is gone; the client cannot be used again. */
  get isLost(): boolean {
    return this.#lost;
  }

  /** pg-pool gives callers what the event carries, so that it must say by itself that it is an outage. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== 'error') return super.emit(event, ...args);
    const [cause] = args;
    const isTold = cause instanceof OutageError;
    return super.emit('error', isTold ? cause : new OutageError('PostgreSQL is gone', { cause }));
  }

  #watched(submit: (...args: never) => unknown, args: readonly unknown[]): unknown {
    this.#unanswered += 1;
    const callback = args.at(-1);
    const call = submit as (...args: readonly unknown[]) => unknown;
    if (isCallback(callback)) {
      return call(...args.slice(0, -1), (error: unknown, result: unknown) => {
        this.#unanswered -= 1;
        callback(error ? this.#explained(error) : error, result);
      });
    }
    const answer = call(...args);
    if (answer instanceof Promise) return this.#answered(answer);
    this.#unanswered -= 1;
    return answer;
  }

  async #answered(answer: Promise<unknown>): Promise<unknown> {
    try {
      return await answer;
    } catch (error) {
      throw this.#explained(error);
    } finally {
      this.#unanswered -= 1;
    }
  }

  #explained(error: unknown): unknown {
    const answeredByServer = error instanceof pg.DatabaseError;
    if (!isOutage(error) && (answeredByServer || !this.#lost)) return error;
    return new OutageError('PostgreSQL did not do the work', { cause: error });
  }

  #watchForSilence(): void {
    const { stream } = this.connection;
    if (!(stream instanceof Socket)) return;
    stream.setTimeout(this.#answerTimeoutMs, () => {
      if (this.#unanswered > 0) stream.destroy(new OutageError('PostgreSQL is silent'));
    });
  }
}

type QueryCallback = (error: unknown, result: unknown) => void;

function isCallback(value: unknown): value is QueryCallback {
  return typeof value === 'function';
}
