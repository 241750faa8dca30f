import type { Deployment } from '../deployment.port.js';
import { bucketsOf, checkAccountId } from '../accounts/account-buckets.js';
import { checkPageRequest, effectiveLimit, type PageRequest } from '../paging/page-request.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import { decodeAuditCursor, encodeAuditCursor, type AuditPageStart } from './audit-cursor.js';
import type { AuditTrail, ListedAuditRecord } from './audit-trail.port.js';

export interface ListAuditRecords extends PageRequest {
  /** Empty: of every account. */
  readonly accountId: string;
  /** Empty: of every agent. */
  readonly agentId: string;
}

export interface AuditPage {
  readonly records: readonly ListedAuditRecord[];
  /** Empty on the last page. */
  readonly nextCursor: string;
}

/** No record is older or younger: both are the ends of what a date can show. */
const FIRST_INSTANT_MS = -8_640_000_000_000_000n;
const LAST_INSTANT_MS = 8_640_000_000_000_000n;
/** Behind every record of its time: no bucket has this number, no chain this length. */
const BUCKET_BEHIND_ALL = 32_767;
const SEQUENCE_BEHIND_ALL = 9_223_372_036_854_775_807n;

/**
 * Lists records, newest first: of everybody, of one account, of one agent. What is recorded while the pages are
 * read does not shift them: a page begins behind the last record of the one before.
 */
export class ListAuditRecordsHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly trail: AuditTrail,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, INVALID_REQUEST or INVALID_CURSOR. An account without records has none. */
  async execute(request: ListAuditRecords): Promise<AuditPage | ReadRefusal> {
    const { accountId, agentId } = request;
    const malformed = (accountId === '' ? undefined : checkAccountId(accountId)) ?? checkPageRequest(request);
    if (malformed !== undefined) return malformed;
    const cursor = decodeAuditCursor(request.cursor, request);
    if (isReadRefusal(cursor)) return cursor;
    const { before, fromMs } = cursor ?? firstPage(request);
    const filter = {
      account:
        accountId === ''
          ? undefined
          : { accountId, buckets: bucketsOf(accountId, this.deployment.buckets()) },
      agentId: agentId === '' ? undefined : agentId,
      fromMs,
    };
    const limit = effectiveLimit(request.limit);
    // One more than asked tells whether a page follows.
    const found = await this.trail.newest(filter, { before, limit: limit + 1 });
    const records = found.slice(0, limit);
    const last = found.length > limit ? records.at(-1) : undefined;
    return {
      records,
      nextCursor: last === undefined ? '' : encodeAuditCursor(request, { before: positionOf(last), fromMs }),
    };
  }
}

function firstPage({ fromMs = FIRST_INSTANT_MS, toMs = LAST_INSTANT_MS }: ListAuditRecords): AuditPageStart {
  return { before: { atMs: toMs, bucket: BUCKET_BEHIND_ALL, sequence: SEQUENCE_BEHIND_ALL }, fromMs };
}

function positionOf({ atMs, bucket, sequence }: ListedAuditRecord) {
  return { atMs: BigInt(atMs), bucket, sequence };
}
