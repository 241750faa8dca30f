import { isSharedAccountId } from '@steelyard/domain/accounts';
import { invariant } from '@steelyard/domain/result';
import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { Chain, ChainReads } from '../accounts/chain-reads.port.js';
import type { Deployment } from '../deployment.port.js';
import type { LedgerEntry } from '../list-entries/entry-reads.port.js';
import { checkInstant } from '../paging/page-request.js';
import type { EntryProved } from '../proofs/prove-entry.handler.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { SealedEntries } from './sealed-entries.port.js';
import { decodeStatementCursor, encodeStatementCursor, type StatementPlace } from './statement-cursor.js';
import type { ChainStretch, StatementBoundary, StatementReads } from './statement-reads.port.js';

/** A page of 500 entries with metadata stays well below the message limit of 4 MiB. */
const LIMIT_MAX = 500;
/** Entries a statement of the database when totals are summed: some 20 ms. */
const SUMMED_PER_READ = 50_000n;

export interface GetStatement {
  readonly accountId: string;
  /** Commit time, milliseconds since 1970-01-01 UTC: entries from `fromMs` on and before `toMs`. */
  readonly fromMs: bigint;
  readonly toMs: bigint;
  /** 0: the most. */
  readonly limit: number;
  /** Empty: the first page. */
  readonly cursor: string;
  readonly withoutTotals: boolean;
}

export interface StatementPage {
  readonly accountId: string;
  readonly currency: string;
  readonly opening: StatementBoundary;
  readonly closing: StatementBoundary;
  readonly entriesTotal: bigint;
  readonly credits: bigint;
  readonly debits: bigint;
  /** Oldest first. */
  readonly entries: LedgerEntry[];
  /** On the last page, when an entry of the period is sealed. */
  readonly proof: EntryProved['proof'] | undefined;
  /** Empty when there is no proof. */
  readonly provenEntryId: string;
  /** Empty on the last page. */
  readonly nextCursor: string;
}

/** Shows what happened on an account in a period, page by page, oldest first. */
export class GetStatementHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly chainReads: ChainReads,
    private readonly statementReads: StatementReads,
    private readonly sealedEntries: SealedEntries,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, INVALID_REQUEST, INVALID_CURSOR, ACCOUNT_NOT_FOUND, INTEGRITY_FAILURE. */
  async execute(request: GetStatement): Promise<StatementPage | ReadRefusal> {
    const { accountId } = request;
    const malformed = checkRequest(request);
    if (malformed !== undefined) return malformed;
    const [chain] = await this.chainReads.findChains(
      accountId,
      bucketsOf(accountId, this.deployment.buckets()),
    );
    if (chain === undefined) return unknownAccount(accountId);
    const place =
      request.cursor === ''
        ? await this.begin(chain, request)
        : decodeStatementCursor(request.cursor, request);
    if (isReadRefusal(place)) return place;
    // A cursor is the caller's: it must not lead beyond the chain.
    if (place.high > chain.sequence) return refuseRead('INVALID_CURSOR', 'cursor is none of this chain');
    return this.page(chain, place, request);
  }

  private async begin(chain: Chain, request: GetStatement): Promise<StatementPlace> {
    const { accountId, fromMs, toMs, withoutTotals } = request;
    const { bucket, sequence } = chain;
    const [before, last] = await this.chainReads.findBounds(accountId, [
      { bucket, high: sequence, atMs: fromMs - 1n },
      { bucket, high: sequence, atMs: toMs - 1n },
    ]);
    const low = before ?? 0n;
    const high = last ?? 0n;
    const credits = withoutTotals ? 0n : await this.sumCredits({ accountId, bucket, low, high });
    return { accountId, fromMs, toMs, low, high, after: low, credits };
  }

  private async sumCredits({ high, ...stretch }: ChainStretch): Promise<bigint> {
    let sum = 0n;
    for (let low = stretch.low; low < high; low += SUMMED_PER_READ) {
      const end = low + SUMMED_PER_READ;
      sum += await this.statementReads.sumOfCredits({ ...stretch, low, high: end < high ? end : high });
    }
    return sum;
  }

  private async page(
    chain: Chain,
    place: StatementPlace,
    request: GetStatement,
  ): Promise<StatementPage | ReadRefusal> {
    const { accountId, low, high, after, credits } = place;
    const stretch = { accountId, bucket: chain.bucket, low, high };
    const limit = request.limit === 0 ? LIMIT_MAX : request.limit;
    const [{ opening, closing }, entries] = await Promise.all([
      this.statementReads.boundaries(stretch),
      this.statementReads.oldestEntries({ ...stretch, low: after }, limit),
    ]);
    const lastRead = entries.at(-1)?.sequence ?? after;
    invariant(lastRead > after || after === high, `entry ${after + 1n} of ${accountId} is missing`);
    const isLastPage = lastRead >= high;
    const proven = isLastPage ? await this.sealedEntries.proveNewest(stretch) : undefined;
    if (isReadRefusal(proven)) return proven;
    return {
      accountId,
      currency: chain.currency,
      opening,
      closing,
      entriesTotal: high - low,
      credits,
      debits: request.withoutTotals ? 0n : credits - (closing.balance - opening.balance),
      entries: [...entries],
      proof: proven?.proof,
      provenEntryId: proven?.entryId ?? '',
      nextCursor: isLastPage ? '' : encodeStatementCursor({ ...place, after: lastRead }),
    };
  }
}

function checkRequest({ accountId, fromMs, toMs, limit }: GetStatement): ReadRefusal | undefined {
  const malformed = checkAccountId(accountId) ?? checkInstant(fromMs, 'from') ?? checkInstant(toMs, 'to');
  if (malformed !== undefined) return malformed;
  if (isSharedAccountId(accountId)) {
    const reason = `${accountId} has a chain in every bucket, and a statement shows one chain: list its entries instead`;
    return refuseRead('INVALID_REQUEST', reason, 'accountId');
  }
  if (toMs <= fromMs) return refuseRead('INVALID_REQUEST', 'to must lie after from', 'to');
  if (limit <= LIMIT_MAX) return undefined;
  return refuseRead('INVALID_REQUEST', `limit must be between 1 and ${LIMIT_MAX}`, 'limit');
}
