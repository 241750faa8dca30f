import { isTransactionType, type TransactionType } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { ChainReads } from '../accounts/chain-reads.port.js';
import type { Deployment } from '../deployment.port.js';
import type { LedgerTransaction, TransactionReads } from '../get-transaction/transaction-reads.port.js';
import { findWindows, type Windows } from '../paging/chain-windows.js';
import { decodePageCursor, encodePageCursor } from '../paging/page-cursor.js';
import { checkPageRequest, effectiveLimit, OFFSET_MAX, type PageRequest } from '../paging/page-request.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { ListedTransaction, ListingReads } from './listing-reads.port.js';

export interface ListTransactions extends PageRequest {
  readonly accountId: string;
  /** Empty: every type. */
  readonly type: string;
  readonly offset: number;
}

export interface TransactionPage {
  readonly transactions: LedgerTransaction[];
  readonly total: bigint;
  /** Empty on the last page. */
  readonly nextCursor: string;
}

/**
 * Lists the transactions that touched an account, newest first, the account's own entry first in each. One
 * that touched it more than once is listed once for each of its entries.
 */
export class ListTransactionsHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly chainReads: ChainReads,
    private readonly listingReads: ListingReads,
    private readonly transactionReads: TransactionReads,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, INVALID_REQUEST, INVALID_CURSOR or ACCOUNT_NOT_FOUND. */
  async execute(request: ListTransactions): Promise<TransactionPage | ReadRefusal> {
    const { accountId } = request;
    const malformed = checkAccountId(accountId) ?? checkPageRequest(request) ?? checkOffset(request);
    if (malformed !== undefined) return malformed;
    const type = parseType(request.type);
    if (isReadRefusal(type)) return type;
    const after = decodePageCursor(request.cursor, accountId);
    if (isReadRefusal(after)) return after;
    const buckets = bucketsOf(accountId, this.deployment.buckets());
    const chains = await this.chainReads.findChains(accountId, buckets);
    if (chains.length === 0) return unknownAccount(accountId);
    const filter = { fromMs: request.fromMs, toMs: request.toMs, after };
    const windows = await findWindows(this.chainReads, accountId, { chains, filter });
    return this.page(request, windows, type);
  }

  private async page(
    request: ListTransactions,
    found: Windows,
    type: TransactionType | undefined,
  ): Promise<TransactionPage> {
    const { accountId, offset } = request;
    const limit = effectiveLimit(request.limit);
    const { windows, filtered, total } = found;
    const [listed, counted] = await Promise.all([
      // One more than asked tells whether a page follows.
      this.listingReads.newestTransactions(accountId, { windows, type, limit: limit + 1, offset }),
      type === undefined ? total : this.listingReads.countOfType(accountId, { windows: filtered, type }),
    ]);
    const page = listed.slice(0, limit);
    const last = listed.length > limit ? page.at(-1) : undefined;
    return {
      transactions: await this.load(accountId, page),
      total: counted,
      nextCursor: last === undefined ? '' : encodePageCursor(accountId, last.position),
    };
  }

  private async load(accountId: string, page: readonly ListedTransaction[]): Promise<LedgerTransaction[]> {
    const transactions = await this.transactionReads.findTransactions(page.map(({ home }) => home));
    return page.map(({ position }, index) => {
      const transaction = transactions[index];
      invariant(transaction !== undefined, `entry ${position.sequence} of ${accountId} has no transaction`);
      return { ...transaction, entries: ownEntryFirst(transaction, accountId, position.sequence) };
    });
  }
}

function ownEntryFirst(transaction: LedgerTransaction, accountId: string, sequence: bigint) {
  const isOwn = (entry: { accountId: string; sequence: bigint }): boolean =>
    entry.accountId === accountId && entry.sequence === sequence;
  const own = transaction.entries.filter(isOwn);
  return [...own, ...transaction.entries.filter((entry) => !isOwn(entry))];
}

function checkOffset(request: ListTransactions): ReadRefusal | undefined {
  if (request.offset > OFFSET_MAX) {
    return refuseRead(
      'INVALID_REQUEST',
      `offset must be at most ${OFFSET_MAX}: use cursor to walk on`,
      'offset',
    );
  }
  if (request.offset > 0 && request.cursor !== '') {
    return refuseRead('INVALID_REQUEST', 'offset and cursor exclude each other', 'offset');
  }
  return undefined;
}

function parseType(type: string): TransactionType | undefined | ReadRefusal {
  if (type === '') return undefined;
  if (isTransactionType(type)) return type;
  return refuseRead('INVALID_REQUEST', 'type is not the name of a transaction type', 'type');
}
