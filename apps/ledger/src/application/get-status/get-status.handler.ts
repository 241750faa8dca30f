import type { WalkProgressStore } from '../continue-walk/walk-progress.port.js';
import type { BooksReads, CurrencyBooks } from './books-reads.port.js';

export interface LedgerStatus {
  readonly accounts: bigint;
  readonly entries: bigint;
  readonly sums: { currency: string; sumOfEntries: bigint }[];
  readonly verifiedUpToMs: bigint | undefined;
  readonly walkAccountsChecked: bigint;
  readonly invalidAccounts: bigint;
  readonly driftedAccounts: bigint;
}

/** Shows how large the ledger is, whether it sums to zero, and how far it is verified. */
export class GetStatusHandler {
  constructor(
    private readonly books: BooksReads,
    private readonly walks: WalkProgressStore,
  ) {}

  async execute(): Promise<LedgerStatus> {
    const [books, walk] = await Promise.all([this.books.readBooks(), this.walks.summary()]);
    const verifiedUpToMs = walk?.verifiedUpToMs;
    return {
      accounts: total(books, ({ accounts }) => accounts),
      entries: total(books, ({ entries }) => entries),
      sums: books.map(({ currency, sum }) => ({ currency, sumOfEntries: sum })),
      verifiedUpToMs: verifiedUpToMs === undefined ? undefined : BigInt(verifiedUpToMs),
      walkAccountsChecked: walk?.accountsChecked ?? 0n,
      invalidAccounts: walk?.invalidAccounts ?? 0n,
      driftedAccounts: walk?.driftedAccounts ?? 0n,
    };
  }
}

function total(books: readonly CurrencyBooks[], count: (one: CurrencyBooks) => bigint): bigint {
  return books.reduce((sum, one) => sum + count(one), 0n);
}
