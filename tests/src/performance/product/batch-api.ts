import type { CallOutcome } from '../load/load-recorder.js';
import type { Move } from '../load/move.js';
import { batchItem } from './wire-command.js';

interface BatchReply {
  readonly results: readonly { readonly ok: boolean; readonly retryable?: boolean }[];
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Sends commands as one request to the batch API. Rejects when nothing is known of them. */
export async function postBatch(apiUrl: string, token: string, moves: readonly Move[]): Promise<CallOutcome> {
  const response = await fetch(`${apiUrl}/transactions/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ mode: 'independent', transactions: moves.map(batchItem) }),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the batch was answered with status ${response.status}`);
  // The gateway's own contract test holds this form.
  const { results } = (await response.json()) as BatchReply;
  const accepted = results.filter(({ ok }) => ok).length;
  const lost = results.filter(({ ok, retryable }) => !ok && retryable === true).length;
  if (lost > 0) throw new Error(`${lost} of ${moves.length} items failed and could be sent again`);
  return { accepted, refused: results.length - accepted };
}
