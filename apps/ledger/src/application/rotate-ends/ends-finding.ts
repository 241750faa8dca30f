import { CHAIN_START } from '../verification/chain-audit.js';
import type { Finding } from '../verification/finding.js';
import type { AccountEnd, ChainEnds } from '../verification/verification-reads.port.js';

/**
 * What the two ends of a chain say against each other: the account's row, its last entry, and where it was proven
 * to end. Read in one snapshot, they agree in a right ledger: row and entries are written together.
 */
export function findingOfEnds(ends: ChainEnds): Finding | undefined {
  const { account, proven } = ends;
  const last: AccountEnd = {
    sequence: ends.lastSequence,
    balance: ends.lastBalance,
    checksum: ends.lastChecksum,
  };
  if (proven !== undefined && proven.sequence > last.sequence) {
    return missingAfter(ends, last.sequence);
  }
  if (proven?.sequence === last.sequence && !isSame(proven, last)) {
    return wrong(ends, last.sequence, `entry ${last.sequence} is not the one that was proven`);
  }
  if (account === undefined || isSame(account, last)) return undefined;
  if (account.sequence > last.sequence) return missingAfter(ends, last.sequence);
  if (proven !== undefined && proven.sequence < last.sequence && isSame(account, proven)) {
    return wrong(ends, account.sequence + 1n, 'there are more entries than the account says');
  }
  const reason = 'the account does not say what its last entry says';
  return { ...wrong(ends, last.sequence, reason), drift: { expected: last, found: account } };
}

function isSame(one: AccountEnd, other: AccountEnd): boolean {
  return one.sequence === other.sequence && one.balance === other.balance && one.checksum === other.checksum;
}

function missingAfter(ends: ChainEnds, lastSequence: bigint): Finding {
  const sequence = lastSequence + 1n;
  return wrong(ends, sequence, `entry ${sequence} is missing from the end`);
}

function wrong({ bucket, accountId }: ChainEnds, sequence: bigint, reason: string): Finding {
  const place = { bucket, accountId, sequence, entryId: '', factSequence: 0n };
  return { ...place, reason, restart: CHAIN_START };
}
