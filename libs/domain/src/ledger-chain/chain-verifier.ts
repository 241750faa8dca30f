import { checksumAfter, GENESIS, HASH_VERSION, type ChainedEntryFields } from './checksum.js';

/** An entry as it was read from storage, to be proved. */
export interface StoredEntry extends Omit<ChainedEntryFields, 'previousChecksum' | 'balanceBefore'> {
  readonly sequence: bigint;
  readonly hashVersion: number;
  readonly checksum: string;
}

/** The first entry of a chain that does not agree, and why. */
export interface ChainFault {
  readonly sequence: bigint;
  readonly entryId: string;
  readonly reason: string;
}

/**
 * Recomputes one account's chain, entry by entry in sequence order. A changed, missing, reordered or inserted
 * entry is found at its place: the first bad sequence is named. Entries cut off at the end leave a valid
 * shorter chain, so the caller compares {@link sequence}, {@link balance} and {@link checksum} with the
 * account's own row afterwards ({@link endFault}).
 */
export class ChainVerifier {
  sequence = 0n;
  balance = 0n;
  checksum = GENESIS;
  entriesChecked = 0n;

  /** Proves the next entry; the fault when it does not agree, and the chain must not be continued then. */
  next(entry: StoredEntry): ChainFault | undefined {
    const expected = this.sequence + 1n;
    if (entry.sequence !== expected) {
      return { sequence: expected, entryId: '', reason: `entry ${expected} is missing` };
    }
    const reason = this.reasonAgainst(entry);
    if (reason !== undefined) return { sequence: expected, entryId: entry.entryId, reason };
    this.sequence = entry.sequence;
    this.balance = entry.balanceAfter;
    this.checksum = entry.checksum;
    this.entriesChecked += 1n;
    return undefined;
  }

  private reasonAgainst(entry: StoredEntry): string | undefined {
    if (entry.hashVersion !== HASH_VERSION) return `unknown hash version ${entry.hashVersion}`;
    if (this.balance + entry.amount !== entry.balanceAfter) {
      return 'balance after is not balance before plus amount';
    }
    return checksumAfter(entry, this) === entry.checksum ? undefined : 'checksum does not match the entry';
  }

  /** The fault when the chain does not end where the account's own row says it ends. */
  endFault(account: { sequence: bigint; balance: bigint; checksum: string }): ChainFault | undefined {
    if (this.sequence < account.sequence) {
      const missing = this.sequence + 1n;
      return { sequence: missing, entryId: '', reason: `entry ${missing} is missing from the end` };
    }
    const fault = (reason: string): ChainFault => ({ sequence: this.sequence, entryId: '', reason });
    if (this.sequence > account.sequence) return fault('there are more entries than the account says');
    if (this.checksum !== account.checksum) return fault('the account holds another last checksum');
    if (this.balance !== account.balance) return fault('the account holds another balance');
    return undefined;
  }
}
