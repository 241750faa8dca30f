import { GENESIS } from '../ledger-chain/index.js';
import { isInRange } from '../money/index.js';
import { entryFault, verifyEntryProof, type EntryProof, type ProvenEntry } from './entry-proof.js';
import { isPreviousHash, isTime } from './forms.js';
import { parseEntryLeaf } from './leaf-texts.js';

/** Where a chain stands at an instant. */
export interface StatementEnd {
  readonly balance: bigint;
  /** Of the last entry before it, 0 when there is none. */
  readonly sequence: bigint;
  /** Of that entry; GENESIS when there is none. */
  readonly checksum: string;
}

/** What happened on an account in a period. */
export interface Statement {
  readonly accountId: string;
  readonly currency: string;
  /** Commit time, ISO 8601 UTC in milliseconds: entries from `from` on and before `to`. */
  readonly from: string;
  readonly to: string;
  readonly opening: StatementEnd;
  readonly closing: StatementEnd;
  /** Oldest first. */
  readonly entries: readonly ProvenEntry[];
  /** The entry that `proof` is for; null when none of the period is sealed. */
  readonly provenEntryId: string | null;
  readonly proof: EntryProof | null;
}

/**
 * What does not agree in a statement; undefined when the chain leads from its opening through every entry to its
 * closing, and the proof from the proven entry to the checkpoint's root. The proof covers all entries up to the
 * proven one, for each covers the one before. The note's signatures are the caller's to verify.
 */
export function verifyStatement(statement: Statement): string | undefined {
  return (
    periodFault(statement) ??
    endFault('opening', statement.opening) ??
    endFault('closing', statement.closing) ??
    chainFault(statement) ??
    provenFault(statement)
  );
}

function periodFault({ from, to }: Statement): string | undefined {
  if (!isTime(from) || !isTime(to)) return 'from and to are not ISO 8601 in UTC with milliseconds';
  return from <= to ? undefined : 'the period ends before it begins';
}

function endFault(name: string, { balance, sequence, checksum }: StatementEnd): string | undefined {
  if (sequence < 0n || !isInRange(balance) || !isPreviousHash(checksum)) {
    return `the ${name} is not of the documented form`;
  }
  if ((sequence === 0n) !== (checksum === GENESIS)) {
    return `the ${name} has checksum ${GENESIS} if and only if no entry is before it`;
  }
  return sequence === 0n && balance !== 0n ? `the ${name} has a balance that no entry made` : undefined;
}

function chainFault(statement: Statement): string | undefined {
  const { entries, opening, closing } = statement;
  let { balance, sequence, checksum } = opening;
  let timestamp = '';
  for (const entry of entries) {
    sequence += 1n;
    const fault = (reason: string): string => `entry ${sequence} (${entry.entryId}): ${reason}`;
    if (entry.previousChecksum !== checksum) return fault('previousChecksum is not the checksum before it');
    if (entry.balanceBefore !== balance) return fault('balanceBefore is not the balance before it');
    const own = entryFault(entry) ?? placeFault(statement, entry);
    if (own !== undefined) return fault(own);
    if (entry.timestamp < timestamp) return fault('it is earlier than the entry before it');
    ({ balanceAfter: balance, checksum, timestamp } = entry);
  }
  if (closing.sequence !== sequence) return `the closing is after entry ${closing.sequence}, not ${sequence}`;
  if (closing.checksum !== checksum) return 'the closing has another checksum than the last entry';
  return closing.balance === balance ? undefined : 'the closing has another balance than the last entry';
}

function placeFault({ accountId, from, to }: Statement, entry: ProvenEntry): string | undefined {
  if (entry.accountId !== accountId) return 'it is of another account than the statement';
  if (entry.timestamp < from || entry.timestamp >= to) return 'it is not of the period of the statement';
  return undefined;
}

function provenFault(statement: Statement): string | undefined {
  const { entries, opening, provenEntryId, proof } = statement;
  if (provenEntryId === null && proof === null) return undefined;
  if (provenEntryId === null || proof === null) return 'provenEntryId and proof are not given together';
  const index = entries.findIndex(({ entryId }) => entryId === provenEntryId);
  const entry = entries[index];
  if (entry === undefined) return 'the proven entry is not one of the statement';
  const fault = verifyEntryProof(entry, proof);
  if (fault !== undefined) return fault;
  const leaf = parseEntryLeaf(proof.entryLeaf);
  const sequence = opening.sequence + BigInt(index) + 1n;
  if (leaf?.sequence !== sequence) return `the proven entry is entry ${leaf?.sequence}, not ${sequence}`;
  return leaf.currency === statement.currency ? undefined : 'the proven entry is in another currency';
}
