import { bucketOf } from '@steelyard/domain/accounts';
import { canonicalJson, isJsonObject, type JsonObject } from '@steelyard/domain/ledger-chain';
import { checkAccountId } from '../accounts/account-buckets.js';
import type { Deployment } from '../deployment.port.js';
import { checkInstant } from '../paging/page-request.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { AuditDraft } from './audit-draft.js';
import type { AuditTrail } from './audit-trail.port.js';

/** Something that happened outside the ledger. Empty texts: nothing. */
export interface AuditEvent {
  /** UUID. */
  readonly eventId: string;
  readonly atMs: bigint;
  readonly action: string;
  readonly accountId: string;
  readonly performedBy: string;
  readonly role: string;
  readonly agentId: string;
  readonly apiKeyId: string;
  readonly correlationId: string;
  readonly reason: string;
  /** JSON objects. */
  readonly detailJson: string;
  readonly personalJson: string;
}

/** Records about no account. */
export const BUCKET_OF_NO_ACCOUNT = 0;
/** A call of so many takes some ten milliseconds. */
export const EVENTS_PER_CALL_MAX = 1_000;
const TEXT_LENGTH_MAX = 512;
const JSON_LENGTH_MAX = 16_384;
const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ACTION = /^[A-Z][A-Z0-9_]{0,63}$/;

/** Records events of other services, each once, however often it is sent. */
export class RecordAuditEventsHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly trail: AuditTrail,
  ) {}

  /** How many were recorded now. Refuses with INVALID_REQUEST or INVALID_ACCOUNT_ID, and records nothing then. */
  async execute(events: readonly AuditEvent[]): Promise<number | ReadRefusal> {
    if (events.length > EVENTS_PER_CALL_MAX) {
      return refuseRead('INVALID_REQUEST', `events must be at most ${EVENTS_PER_CALL_MAX}`, 'events');
    }
    const buckets = this.deployment.buckets();
    const drafts = new Map<string, AuditDraft>();
    for (const event of events) {
      const draft = draftOf(event, buckets);
      if (isReadRefusal(draft)) return draft;
      drafts.set(draft.recordId, draft);
    }
    return drafts.size === 0 ? 0 : this.trail.record([...drafts.values()]);
  }
}

function draftOf(event: AuditEvent, buckets: number): AuditDraft | ReadRefusal {
  const { eventId, accountId, action } = event;
  const malformed =
    (accountId === '' ? undefined : checkAccountId(accountId)) ??
    checkInstant(event.atMs, 'atMs') ??
    checkTexts(event);
  if (malformed !== undefined) return malformed;
  const detail = parseObject(event.detailJson, 'detailJson');
  if (isReadRefusal(detail)) return detail;
  const personal = parseObject(event.personalJson, 'personalJson');
  if (isReadRefusal(personal)) return personal;
  return {
    bucket: accountId === '' ? BUCKET_OF_NO_ACCOUNT : bucketOf(accountId, buckets),
    recordId: eventId.toLowerCase(),
    atMs: Number(event.atMs),
    action,
    accountId: orAbsent(accountId),
    agentId: orAbsent(event.agentId),
    content: {
      performedBy: orAbsent(event.performedBy),
      role: orAbsent(event.role),
      apiKeyId: orAbsent(event.apiKeyId),
      correlationId: orAbsent(event.correlationId),
      reason: orAbsent(event.reason),
      detail,
    },
    ...(personal === undefined ? {} : { personalJson: canonicalJson(personal) }),
  };
}

function checkTexts(event: AuditEvent): ReadRefusal | undefined {
  if (!EVENT_ID.test(event.eventId.toLowerCase())) {
    return refuseRead('INVALID_REQUEST', 'eventId must be a UUID', 'eventId');
  }
  if (!ACTION.test(event.action)) {
    return refuseRead('INVALID_REQUEST', 'action must be in the form ACCOUNT_READ', 'action');
  }
  const { performedBy, role, agentId, apiKeyId, correlationId, reason } = event;
  for (const [name, text] of Object.entries({
    performedBy,
    role,
    agentId,
    apiKeyId,
    correlationId,
    reason,
  })) {
    if (text.length <= TEXT_LENGTH_MAX && !text.includes('\u0000')) continue;
    const message = `${name} must have at most ${TEXT_LENGTH_MAX} characters, and none that is NUL`;
    return refuseRead('INVALID_REQUEST', message, name);
  }
  return undefined;
}

function parseObject(json: string, name: string): JsonObject | undefined | ReadRefusal {
  if (json === '') return undefined;
  const value = json.length <= JSON_LENGTH_MAX ? parsed(json) : undefined;
  if (isJsonObject(value)) return Object.keys(value).length === 0 ? undefined : value;
  return refuseRead('INVALID_REQUEST', `${name} must be a JSON object of at most ${JSON_LENGTH_MAX}`, name);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function orAbsent(text: string): string | undefined {
  return text === '' ? undefined : text;
}
