import { ApiRefusal } from '../api/outage.js';
import {
  asObject,
  asObjects,
  requiredInteger,
  textOf,
  unexpected,
  type JsonObject,
} from '../api/json-reader.js';
import type { SteelyardApi } from '../api/steelyard-api.js';
import { CliError } from '../cli-error.js';
import type { ImportRow } from './import-row.js';

/** What the platform said about one row. */
export type RowOutcome =
  | { readonly kind: 'posted'; readonly isReplayed: boolean; readonly balanceAfterMinor: bigint }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Not decided: the same row may be sent again. */
  | { readonly kind: 'undecided'; readonly code: string; readonly message: string };

// Statuses with which the platform refuses what a request says, not who asks or where.
const CONTENT_STATUSES: readonly number[] = [400, 409, 413, 422];

/** Posts rows through the public batch API. */
export class BatchClient {
  readonly #api: SteelyardApi;

  constructor(api: SteelyardApi) {
    this.#api = api;
  }

  /**
   * Posts rows as one independent batch: one outcome a row, in their order. A batch that is refused as a whole is
   * posted again in halves, one after the other, until the row at fault stands alone: it costs only itself.
   */
  async post(rows: readonly ImportRow[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    try {
      return await this.#postOnce(rows, signal);
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      if (!CONTENT_STATUSES.includes(error.status))
        throw new CliError(`${error.code}: ${error.message}`, { cause: error });
      if (rows.length === 1) return [{ kind: 'refused', code: error.code, message: error.message }];
    }
    const middle = Math.ceil(rows.length / 2);
    const first = await this.post(rows.slice(0, middle), signal);
    return [...first, ...(await this.post(rows.slice(middle), signal))];
  }

  async #postOnce(rows: readonly ImportRow[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    const items = rows.map((row) => row.itemJson).join(',');
    const body = `{"mode":"independent","transactions":[${items}]}`;
    const reply = asObject(await this.#api.post('/transactions/batch', { body, signal }), 'batch result');
    const results = asObjects(reply['results'], 'results');
    if (results.length !== rows.length) throw unexpected('number of results');
    return results.map(readOutcome);
  }
}

function readOutcome(result: JsonObject): RowOutcome {
  if (result['ok'] === true) {
    const transaction = asObject(result['transaction'], 'transaction');
    return {
      kind: 'posted',
      isReplayed: result['replayed'] === true,
      balanceAfterMinor: requiredInteger(transaction, 'balanceAfter'),
    };
  }
  const code = textOf(result, 'error') ?? 'UNKNOWN';
  const message = textOf(result, 'message') ?? 'the platform gave no reason';
  return { kind: result['retryable'] === true ? 'undecided' : 'refused', code, message };
}
