import type { SealProgress, SealSummary } from '../verify-seals/seal-progress.js';
import type { BooksReads, CurrencyBooks } from './books-reads.port.js';
import type { VerificationProgress, VerificationSummary } from './verification-progress.js';

export interface LedgerStatus extends SealSummary, VerificationSummary {
  readonly accounts: bigint;
  readonly entries: bigint;
  readonly sums: { currency: string; sumOfEntries: bigint }[];
}

/** Shows how large the ledger is, whether it sums to zero, and how far it is verified. */
export class GetStatusHandler {
  constructor(
    private readonly books: BooksReads,
    private readonly verification: VerificationProgress,
    private readonly seals: SealProgress,
  ) {}

  async execute(): Promise<LedgerStatus> {
    const [books, verification, seals] = await Promise.all([
      this.books.readBooks(),
      this.verification.summary(),
      this.seals.summary(),
    ]);
    return {
      accounts: total(books, ({ accounts }) => accounts),
      entries: total(books, ({ entries }) => entries),
      sums: books.map(({ currency, sum }) => ({ currency, sumOfEntries: sum })),
      ...verification,
      ...seals,
    };
  }
}

function total(books: readonly CurrencyBooks[], count: (one: CurrencyBooks) => bigint): bigint {
  return books.reduce((sum, one) => sum + count(one), 0n);
}
