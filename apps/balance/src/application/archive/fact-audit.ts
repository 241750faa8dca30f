import { bucketOf, isSharedAccountId } from '@steelyard/domain/accounts';
import { ChainVerifier } from '@steelyard/domain/ledger-chain';
import { TransactionIds } from '@steelyard/domain/posting';
import type { AccountEnd } from './archive-target.port.js';
import type { ArchivedEntry, ArchivedFact, ArchivedHead } from './archive.types.js';

interface AuditedChain {
  readonly verifier: ChainVerifier;
  readonly firstLine: number;
}

/**
 * Proves the facts and chains of one bucket while they are read. It remembers the end of each chain of the bucket,
 * no more.
 *
 * Methods return what is wrong, in the words that follow "line n:".
 */
export class FactAudit {
  private readonly chains = new Map<string, AuditedChain>();
  private sequence = 0n;
  private committedAtMs = 0;

  constructor(
    private readonly head: ArchivedHead,
    private readonly buckets: number,
  ) {}

  /** Proves the next fact of the bucket. */
  next(fact: ArchivedFact, line: number): string | undefined {
    const expected = this.sequence + 1n;
    if (fact.sequence !== expected) {
      return `fact ${expected} of bucket ${fact.bucket} is missing: this is fact ${fact.sequence}`;
    }
    if (fact.sequence > this.head.sequence) return `the bucket ends with fact ${this.head.sequence}`;
    if (fact.committedAtMs < this.committedAtMs) return 'it was committed before the fact before it';
    this.sequence = fact.sequence;
    this.committedAtMs = fact.committedAtMs;
    return this.proveEntries(fact, line);
  }

  /** What is missing at the end of the bucket. */
  end(): string | undefined {
    const { bucket, sequence, committedAtMs } = this.head;
    if (this.sequence < sequence) return `fact ${this.sequence + 1n} of bucket ${bucket} is missing`;
    if (sequence > 0n && BigInt(this.committedAtMs) !== committedAtMs) {
      return `bucket ${bucket} ends at another time than the header says`;
    }
    return undefined;
  }

  /** Compares an account of the bucket with its entries, and forgets them. */
  compare(account: AccountEnd): string | undefined {
    const chain = this.chains.get(account.accountId);
    this.chains.delete(account.accountId);
    return (chain?.verifier ?? new ChainVerifier()).endFault(account)?.reason;
  }

  /** An account that has entries and was not compared, and the line of its first one. */
  stranger(): { readonly accountId: string; readonly line: number } | undefined {
    for (const [accountId, { firstLine }] of this.chains) return { accountId, line: firstLine };
    return undefined;
  }

  private proveEntries(fact: ArchivedFact, line: number): string | undefined {
    const ids = new TransactionIds(fact.home ?? fact, fact.committedAtMs);
    const timestamp = new Date(fact.committedAtMs).toISOString();
    let ordinal = 0;
    for (const entry of fact.entries) {
      if (entry.ordinal <= ordinal) return 'its entries are not in their order';
      ordinal = entry.ordinal;
      const { chain, fault } = this.chainOf(entry, fact.bucket, line);
      if (fault !== undefined) return fault;
      const found = chain.verifier.next({
        ...entry,
        entryId: ids.entryId(ordinal),
        transactionId: ids.transactionId,
        type: fact.kind,
        metadataJson: fact.data,
        timestamp,
      });
      if (found !== undefined) return `account ${entry.accountId}, entry ${found.sequence}: ${found.reason}`;
    }
    return undefined;
  }

  private chainOf(
    { accountId }: ArchivedEntry,
    bucket: number,
    line: number,
  ): { chain: AuditedChain; fault?: string } {
    const known = this.chains.get(accountId);
    if (known !== undefined) return { chain: known };
    const chain = { verifier: new ChainVerifier(), firstLine: line };
    this.chains.set(accountId, chain);
    return isPlaced(accountId, bucket, this.buckets)
      ? { chain }
      : { chain, fault: `account ${accountId} does not belong into bucket ${bucket}` };
  }
}

/** Whether an account may have a chain in a bucket. */
export function isPlaced(accountId: string, bucket: number, buckets: number): boolean {
  return isSharedAccountId(accountId) || bucketOf(accountId, buckets) === bucket;
}
