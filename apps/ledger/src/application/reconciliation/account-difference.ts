import { isWitness } from '../verification/chain-audit.js';
import type { Finding } from '../verification/finding.js';
import type { AccountEnd, ChainEnds } from '../verification/verification-reads.port.js';
import type { AccountState } from './account-state.port.js';

/**
 * What the ends of a chain say against it: its last entry, where it was proven to end, and the account's row as a
 * witness of what was there. They agree in a right ledger, and a row that merely drifted says nothing against the
 * chain. Where the chain begins to be wrong, only proving it tells.
 */
export function suspicionOf({ bucket, accountId, account, last, proven }: ChainEnds): Finding | undefined {
  const suspect = (sequence: bigint, reason: string): Finding => {
    return { bucket, accountId, sequence, entryId: '', factSequence: 0n, reason };
  };
  const next = last.sequence + 1n;
  if ((proven?.sequence ?? 0n) > last.sequence) return suspect(next, `entry ${next} is missing from the end`);
  if (proven?.sequence === last.sequence && !isSame(proven, last)) {
    return suspect(last.sequence, `entry ${last.sequence} is not the one that was proven`);
  }
  if (account === undefined || isSame(account, last)) return undefined;
  if (isWitness(account, last)) return suspect(next, `entry ${next} is missing from the end`);
  if (proven !== undefined && proven.sequence < last.sequence && isSame(account, proven)) {
    return suspect(account.sequence + 1n, 'there are more entries than the account says');
  }
  return undefined;
}

function isSame(one: AccountEnd, other: AccountEnd): boolean {
  return one.sequence === other.sequence && one.balance === other.balance && one.checksum === other.checksum;
}

/**
 * What of an account's row does not follow from its entries and open reservations, each as a sentence. Without
 * amounts: those are in what was expected and found.
 */
export function driftFaults({ account, last, openReservations, firstExpiryAtMs }: AccountState): string[] {
  if (account === undefined) return ['there are entries, but the account’s row is gone'];
  const faults: string[] = [];
  if (account.balance !== last.balance) faults.push('the stored balance is not that of the last entry');
  if (account.sequence !== last.sequence) faults.push('the stored sequence is not that of the last entry');
  if (account.checksum !== last.checksum) faults.push('the stored checksum is not that of the last entry');
  if (account.held !== openReservations) faults.push('what is held is not the sum of the open reservations');
  if (isExpiryWrong(account.nextExpiryAtMs, firstExpiryAtMs))
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
export function foundJson({ account }: AccountState): string {
  return account === undefined ? '{}' : stateJson(account);
}

function stateJson(state: { balance: bigint; held: bigint; sequence: bigint; checksum: string }): string {
  return JSON.stringify({
    balance: state.balance.toString(),
    checksum: state.checksum,
    held: state.held.toString(),
    sequence: state.sequence.toString(),
  });
}
