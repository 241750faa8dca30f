import autocannon from 'autocannon';
import type { Move } from './move.js';
import { LoadRecorder, type LoadResult } from './load-recorder.js';

export interface RestLoad {
  /** Base of the public interface, with `/api`. */
  readonly apiUrl: string;
  readonly token: string;
  readonly connections: number;
  /** Requests in all. A number and not a time: an answer that is cut off would be a transaction that nobody knows. */
  readonly requests: number;
  /** When to give up on a side that is far slower than expected. */
  readonly secondsMax: number;
  readonly next: () => Move;
}

const REQUEST_TIMEOUT_SECONDS = 15;
const SAMPLE_INTERVAL_MS = 50;
const CREATED_OR_OK = [200, 201];
const CLIENT_ERROR_MIN = 400;
const SERVER_ERROR_MIN = 500;

/** Sends one command a request over keep-alive connections, each waiting for its answer. */
export async function restLoad(load: RestLoad): Promise<LoadResult> {
  const recorder = new LoadRecorder();
  const path = new URL(load.apiUrl).pathname;
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: load.apiUrl,
        connections: load.connections,
        amount: load.requests,
        timeout: REQUEST_TIMEOUT_SECONDS,
        sampleInt: SAMPLE_INTERVAL_MS,
        requests: [
          { setupRequest: (request) => ({ ...request, ...requestOf(load.next(), path, load.token) }) },
        ],
      },
      (error) => {
        clearTimeout(giveUp);
        if (error === null) resolve();
        else reject(error);
      },
    );
    const giveUp = setTimeout(() => {
      recorder.failure(load.connections, new Error('the window took far too long and was cut off'));
      instance.stop();
    }, load.secondsMax * 1_000);
    instance.on('response', (...[, status, , durationMs]) => record(recorder, status, durationMs));
    instance.on('reqError', (error) => recorder.failure(1, error));
  });
  return recorder.finish();
}

function record(recorder: LoadRecorder, status: number, durationMs: number): void {
  const sinceMs = performance.now() - durationMs;
  if (CREATED_OR_OK.includes(status)) recorder.answered(sinceMs, { accepted: 1, refused: 0 });
  else if (status >= CLIENT_ERROR_MIN && status < SERVER_ERROR_MIN)
    recorder.answered(sinceMs, { accepted: 0, refused: 1 });
  else recorder.failure(1, new Error(`answered with status ${status}`));
}

function requestOf(move: Move, base: string, token: string) {
  const { key, amount, particulars } = move;
  const [path, body] =
    move.kind === 'deposit'
      ? [`/accounts/${move.accountId}/deposit`, { amount, ...particulars }]
      : ['/transfers', { from: move.from, to: move.to, amount, ...particulars }];
  return {
    method: 'POST',
    path: base + path,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  };
}
