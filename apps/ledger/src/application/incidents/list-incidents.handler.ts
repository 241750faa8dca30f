import { effectiveLimit, LIMIT_MAX } from '../paging/page-request.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import { decodeIncidentCursor, encodeIncidentCursor } from './incident-cursor.js';
import { INCIDENT_TYPES, type Incident, type IncidentLog, type IncidentType } from './incident-log.js';

export interface ListIncidents {
  /** 0: the default. */
  readonly limit: number;
  /** Empty: the first page. */
  readonly cursor: string;
  /** Empty: every type. */
  readonly type: string;
  /** `open`, `resolved`, or empty for both. */
  readonly status: string;
  /** Empty: every account. */
  readonly accountId: string;
}

export interface IncidentPage {
  readonly incidents: Incident[];
  /** Empty: there are no more. */
  readonly nextCursor: string;
}

const STATUSES = new Map([
  ['', undefined],
  ['open', true],
  ['resolved', false],
]);

/** What verification and reconciliation found, newest first. */
export class ListIncidentsHandler {
  constructor(private readonly log: IncidentLog) {}

  /** Refuses with INVALID_REQUEST or INVALID_CURSOR. */
  async execute(request: ListIncidents): Promise<IncidentPage | ReadRefusal> {
    const refusal = checkRequest(request);
    if (refusal !== undefined) return refusal;
    const after = decodeIncidentCursor(request.cursor);
    if (isReadRefusal(after)) return after;
    const limit = effectiveLimit(request.limit);
    const incidents = await this.log.list({
      type: typeOf(request.type),
      isOpen: STATUSES.get(request.status),
      accountId: request.accountId === '' ? undefined : request.accountId,
      after,
      limit: limit + 1,
    });
    const page = incidents.slice(0, limit);
    const last = page.at(-1);
    const hasMore = incidents.length > limit && last !== undefined;
    return { incidents: page, nextCursor: hasMore ? encodeIncidentCursor(last) : '' };
  }
}

function checkRequest(request: ListIncidents): ReadRefusal | undefined {
  if (request.limit > LIMIT_MAX) {
    return refuseRead('INVALID_REQUEST', `limit must be between 1 and ${LIMIT_MAX}`, 'limit');
  }
  if (request.type !== '' && typeOf(request.type) === undefined) {
    return refuseRead('INVALID_REQUEST', `type must be one of ${INCIDENT_TYPES.join(', ')}`, 'type');
  }
  if (STATUSES.has(request.status)) return undefined;
  return refuseRead('INVALID_REQUEST', 'status must be open or resolved', 'status');
}

function typeOf(name: string): IncidentType | undefined {
  return INCIDENT_TYPES.find((type) => type === name);
}
