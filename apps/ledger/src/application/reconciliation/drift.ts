import type { AccountState } from './account-state.port.js';

/**
 * What of an account's row does not follow from its entries and open reservations, each as a sentence. Without
 * amounts: those are in what was expected and found.
 */
export function driftFaults({ stored, last, openReservations, firstExpiryAtMs }: AccountState): string[] {
  if (stored === undefined) return ['there are entries, but the account’s row is gone'];
  const faults: string[] = [];
  if (stored.balance !== last.balance) faults.push('the stored balance is not that of the last entry');
  if (stored.sequence !== last.sequence) faults.push('the stored sequence is not that of the last entry');
  if (stored.checksum !== last.checksum) faults.push('the stored checksum is not that of the last entry');
  if (stored.held !== openReservations) faults.push('what is held is not the sum of the open reservations');
  if (isExpiryWrong(stored.nextExpiryAtMs, firstExpiryAtMs))
    faults.push('the stored next expiry lies after that of an open reservation, or there is none');
  return faults;
}

/** A row may expect an expiry too early, which costs a look; too late, a hold would outlive its time. */
function isExpiryWrong(storedMs: bigint | null, firstMs: bigint | null): boolean {
  if (storedMs === null || firstMs === null) return storedMs !== firstMs;
  return storedMs > firstMs;
}

/** What the ledger says, as JSON: integers are texts of digits. */
export function expectedJson({ last, openReservations }: AccountState): string {
  return stateJson({ ...last, held: openReservations });
}

/** What the row says, as JSON; `{}` when it is gone. */
export function foundJson({ stored }: AccountState): string {
  return stored === undefined ? '{}' : stateJson(stored);
}

function stateJson(state: { balance: bigint; held: bigint; sequence: bigint; checksum: string }): string {
  return JSON.stringify({
    balance: state.balance.toString(),
    checksum: state.checksum,
    held: state.held.toString(),
    sequence: state.sequence.toString(),
  });
}
