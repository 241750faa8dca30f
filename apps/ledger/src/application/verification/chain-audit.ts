import { ChainVerifier, GENESIS, type ChainFault } from '@steelyard/domain/ledger-chain';
import type { ChainVerdict, Drift } from './finding.js';
import type { AccountEnd, AuditedEntry, ChainEnds } from './verification-reads.port.js';

/** Where every chain begins. */
export const CHAIN_START: AccountEnd = { sequence: 0n, balance: 0n, checksum: GENESIS };

/**
 * Whether an account's row knows of entries after the last one that is there. One that holds the checksum of the last
 * entry knows of none, whatever number it gives it.
 */
export function isWitness(account: AccountEnd, last: AccountEnd): boolean {
  return account.sequence > last.sequence && account.checksum !== last.checksum;
}

/**
 * Proves one chain up to where its account said that it ends. Entries committed after the ends were read are
 * left to the next time, so that verification never mistakes a posting in progress for a fault; entries beyond
 * the end that were there when the ends were read are a fault.
 */
export class ChainAudit {
  private readonly verifier = new ChainVerifier();
  private fault: ChainFault | undefined;
  private isRewritten = false;

  /** `proven` is how far an earlier audit of the same chain came. */
  constructor(
    readonly ends: ChainEnds,
    proven?: AccountEnd,
  ) {
    if (proven === undefined) return;
    this.verifier.sequence = proven.sequence;
    this.verifier.balance = proven.balance;
    this.verifier.checksum = proven.checksum;
  }

  get isFaulty(): boolean {
    return this.fault !== undefined;
  }

  get entriesChecked(): bigint {
    return this.verifier.entriesChecked;
  }

  /** How far the chain is proven. */
  get proven(): AccountEnd {
    const { sequence, balance, checksum } = this.verifier;
    return { sequence, balance, checksum };
  }

  /** Takes the next entry in sequence order. */
  next(entry: AuditedEntry): void {
    if (this.isFaulty) return;
    if (this.ends.account === undefined) {
      const entryId = 'unprovable' in entry ? '' : entry.entryId;
      this.fault = { sequence: entry.sequence, entryId, reason: 'the entry belongs to no account' };
    } else if (entry.sequence <= this.ends.account.sequence) {
      this.fault = this.check(entry);
    }
  }

  private check(entry: AuditedEntry): ChainFault | undefined {
    const { sequence } = entry;
    if (sequence < 1n) return { sequence, entryId: '', reason: 'the entry lies before the first' };
    if (!('unprovable' in entry)) return this.verifier.next(entry) ?? this.rewritten(entry.entryId);
    const expected = this.verifier.sequence + 1n;
    return sequence === expected
      ? { sequence, entryId: '', reason: entry.unprovable }
      : { sequence: expected, entryId: '', reason: `entry ${expected} is missing` };
  }

  /** A chain whose checksums are all right again is still not the one that was proven. */
  private rewritten(entryId: string): ChainFault | undefined {
    const { proven } = this.ends;
    const { sequence, checksum } = this.verifier;
    if (proven?.sequence !== sequence || proven.checksum === checksum) return undefined;
    this.isRewritten = true;
    return {
      sequence,
      entryId,
      reason: `the chain was rewritten: entry ${sequence} is not the one that was proven`,
    };
  }

  /** The verdict, once every entry up to the end was given. */
  finish(): ChainVerdict {
    const { bucket, accountId } = this.ends;
    const fault = this.fault ?? this.endFault();
    const proven = this.isRewritten ? CHAIN_START : this.proven;
    const verdict = { bucket, accountId, entriesChecked: this.entriesChecked, proven };
    if (fault === undefined) return { ...verdict, finding: undefined };
    const drift = this.fault === undefined ? this.drift() : undefined;
    const finding = { bucket, accountId, factSequence: 0n, ...fault };
    return {
      ...verdict,
      finding: drift === undefined ? { ...finding, restart: proven } : { ...finding, drift },
    };
  }

  /** The entries are right to their end, and the account's row says something else of it. */
  private drift(): Drift | undefined {
    const { account, last, proven } = this.ends;
    if (account === undefined || (proven?.sequence ?? 0n) > last.sequence) return undefined;
    const { sequence, checksum } = this.proven;
    if (last.sequence === sequence && account.sequence === sequence && account.checksum === checksum) {
      return { expected: this.proven, found: account };
    }
    // Whoever changes the last entries changes what was proven of them, or takes it away.
    if (proven?.sequence !== last.sequence || proven.checksum !== last.checksum) return undefined;
    return isWitness(account, last) ? undefined : { expected: last, found: account };
  }

  private endFault(): ChainFault | undefined {
    const { account, last, proven } = this.ends;
    const isGone = account === undefined && last.sequence === 0n && proven !== undefined;
    if (isGone) return { sequence: 1n, entryId: '', reason: 'the account and its entries are gone' };
    if (account === undefined) return undefined;
    if (proven !== undefined && proven.sequence > last.sequence && account.sequence <= last.sequence) {
      const sequence = last.sequence + 1n;
      return {
        sequence,
        entryId: '',
        reason: `entry ${sequence}, which was proven, is missing from the end`,
      };
    }
    if (last.sequence > account.sequence) {
      const sequence = account.sequence + 1n;
      return { sequence, entryId: '', reason: 'there are more entries than the account says' };
    }
    return this.verifier.endFault(account);
  }
}
