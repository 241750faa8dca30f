import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { Chain, ChainReads } from '../accounts/chain-reads.port.js';
import type { Deployment } from '../deployment.port.js';
import { findWindows } from '../paging/chain-windows.js';
import { decodePageCursor, encodePageCursor } from '../paging/page-cursor.js';
import { checkPageRequest, effectiveLimit, type PageRequest } from '../paging/page-request.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import type { EntryReads, LedgerEntry } from './entry-reads.port.js';

export interface ListEntries extends PageRequest {
  readonly accountId: string;
}

export interface EntryPage {
  readonly entries: LedgerEntry[];
  /** Entries that match, on all pages. */
  readonly total: bigint;
  /** Of the account's last entry; GENESIS before the first, empty for an account with several chains. */
  readonly latestChecksum: string;
  /** Empty on the last page. */
  readonly nextCursor: string;
}

/** Lists an account's entries, newest first. */
export class ListEntriesHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly chainReads: ChainReads,
    private readonly entryReads: EntryReads,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, INVALID_REQUEST, INVALID_CURSOR or ACCOUNT_NOT_FOUND. */
  async execute(request: ListEntries): Promise<EntryPage | ReadRefusal> {
    const { accountId } = request;
    const malformed = checkAccountId(accountId) ?? checkPageRequest(request);
    if (malformed !== undefined) return malformed;
    const after = decodePageCursor(request.cursor, accountId);
    if (isReadRefusal(after)) return after;
    const buckets = bucketsOf(accountId, this.deployment.buckets());
    const chains = await this.chainReads.findChains(accountId, buckets);
    if (chains.length === 0) return unknownAccount(accountId);
    const filter = { fromMs: request.fromMs, toMs: request.toMs, after };
    const { windows, total } = await findWindows(this.chainReads, accountId, { chains, filter });
    const limit = effectiveLimit(request.limit);
    // One more than asked tells whether a page follows.
    const found = await this.entryReads.newestEntries(accountId, { windows, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      entries: page.map(({ entry }) => entry),
      total,
      latestChecksum: latestChecksum(chains),
      nextCursor: last === undefined ? '' : encodePageCursor(accountId, last.position),
    };
  }
}

function latestChecksum(chains: readonly Chain[]): string {
  const [only, ...others] = chains;
  return only === undefined || others.length > 0 ? '' : only.checksum;
}
