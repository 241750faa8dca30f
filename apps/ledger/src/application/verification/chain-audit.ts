import { ChainVerifier, type ChainFault } from '@steelyard/domain/ledger-chain';
import type { ChainVerdict } from './finding.js';
import type { AccountEnd, AuditedEntry, ChainEnds } from './verification-reads.port.js';

/**
 * Proves one chain up to where its account said that it ends. Entries committed after the ends were read are
 * left to the next time, so that verification never mistakes a posting in progress for a fault; entries beyond
 * the end that were there when the ends were read are a fault.
 */
export class ChainAudit {
  private readonly verifier = new ChainVerifier();
  private fault: ChainFault | undefined;

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
    if (!('unprovable' in entry)) return this.verifier.next(entry);
    const expected = this.verifier.sequence + 1n;
    return sequence === expected
      ? { sequence, entryId: '', reason: entry.unprovable }
      : { sequence: expected, entryId: '', reason: `entry ${expected} is missing` };
  }

  /** The verdict, once every entry up to the end was given. */
  finish(): ChainVerdict {
    const { bucket, accountId, account, lastBalance } = this.ends;
    const fault = this.fault ?? this.endFault();
    const isDrifted = account !== undefined && account.balance !== lastBalance;
    const finding =
      fault === undefined ? undefined : { bucket, accountId, factSequence: 0n, isDrifted, ...fault };
    return { bucket, accountId, entriesChecked: this.entriesChecked, finding };
  }

  private endFault(): ChainFault | undefined {
    const { account, lastSequence } = this.ends;
    if (account === undefined) return undefined;
    if (lastSequence > account.sequence) {
      const sequence = account.sequence + 1n;
      return { sequence, entryId: '', reason: 'there are more entries than the account says' };
    }
    return this.verifier.endFault(account);
  }
}
