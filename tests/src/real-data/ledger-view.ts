import { answered } from '../support/rest-caller.js';

/** What the tests look at from outside, over the public API. */
export interface LedgerView {
  /** Entries that the ledger has seen, those of system accounts included. */
  entries(): Promise<number>;
  /** Balance of an account in minor units, as text. */
  balance(accountId: string): Promise<string>;
}

const REQUEST_TIMEOUT_MS = 60_000;

/** Reads with a token that may see everything. */
export function createLedgerView(apiUrl: string, token: string): LedgerView {
  const read = async (path: string, member: string): Promise<unknown> => {
    const response = await answered(() =>
      fetch(`${apiUrl}${path}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      }),
    );
    const body: unknown = await response.json();
    if (response.ok && typeof body === 'object' && body !== null && member in body)
      return Reflect.get(body, member);
    throw new Error(`${path} answered ${response.status}: ${JSON.stringify(body)}`);
  };
  return {
    entries: async () => Number(await read('/ledger/status', 'entries')),
    balance: async (accountId) =>
      String(await read(`/accounts/${encodeURIComponent(accountId)}/balance`, 'balance')),
  };
}
