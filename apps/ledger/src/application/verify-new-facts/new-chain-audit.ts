import { ChainVerifier, type ChainFault } from '@steelyard/domain/ledger-chain';
import { CHAIN_START } from '../verification/chain-audit.js';
import type { SliceEntry } from '../verification/fact-reads.port.js';
import type { Finding } from '../verification/finding.js';
import type { AccountEnd } from '../verification/verification-reads.port.js';
import type { KnownChain, ProvenChain } from './new-facts.port.js';

export interface NewChainVerdict {
  readonly proven: ProvenChain;
  readonly finding: Finding | undefined;
}

/** Proves one chain onward from where it was proven before, by the entries that new facts brought. */
export class NewChainAudit {
  private readonly verifier = new ChainVerifier();
  private fault: ChainFault | undefined;

  constructor(
    private readonly bucket: number,
    private readonly known: KnownChain,
  ) {
    const { sequence, balance, checksum } = known.proven ?? CHAIN_START;
    this.verifier.sequence = sequence;
    this.verifier.balance = balance;
    this.verifier.checksum = checksum;
  }

  get entriesChecked(): bigint {
    return this.verifier.entriesChecked;
  }

  /** Takes all new entries of the account in sequence order. `isAllThere`: the bucket had no facts beyond them when its row was read. */
  verify(entries: readonly SliceEntry[], isAllThere: boolean): NewChainVerdict {
    for (const entry of entries) {
      this.fault = this.check(entry);
      if (this.fault !== undefined) break;
    }
    const { end } = this;
    const finding = this.fault === undefined ? this.endFinding(end, isAllThere) : this.findingOf(this.fault);
    // A row that drifted does not question the entries.
    const isWrong = finding !== undefined && finding.drift === undefined;
    return { proven: { accountId: this.known.accountId, end, isFaulty: isWrong }, finding };
  }

  private get end(): AccountEnd {
    const { sequence, balance, checksum } = this.verifier;
    return { sequence, balance, checksum };
  }

  private check(entry: SliceEntry): ChainFault | undefined {
    const { sequence } = entry;
    const expected = this.verifier.sequence + 1n;
    if (this.known.account === undefined) {
      return { sequence, entryId: '', reason: 'the entry belongs to no account' };
    }
    // A chain that was proven again after a fault is ahead of its bucket's facts: this part of it is proven.
    if (sequence < expected) return undefined;
    if (!('unprovable' in entry)) return this.verifier.next(entry);
    if (sequence === expected) return { sequence, entryId: '', reason: entry.unprovable };
    return { sequence: expected, entryId: '', reason: `entry ${expected} is missing` };
  }

  /** The row and its entries are written together: it may be ahead by facts that come next, and never behind. */
  private endFinding(end: AccountEnd, isAllThere: boolean): Finding | undefined {
    const { account } = this.known;
    if (account === undefined) return undefined;
    if (account.sequence > end.sequence) {
      if (!isAllThere) return undefined;
      const sequence = end.sequence + 1n;
      return this.findingOf({ sequence, entryId: '', reason: `entry ${sequence} is missing from the end` });
    }
    const { sequence, balance, checksum } = end;
    const agrees =
      account.sequence === sequence && account.balance === balance && account.checksum === checksum;
    if (agrees) return undefined;
    const reason = 'the account does not say what its last entry says';
    const fault = this.findingOf({ sequence, entryId: '', reason });
    return { ...fault, drift: { expected: end, found: account } };
  }

  private findingOf(fault: ChainFault): Finding {
    const { bucket } = this;
    return { bucket, accountId: this.known.accountId, factSequence: 0n, ...fault };
  }
}
