import { randomBytes } from 'node:crypto';
import type { auditV1 } from '@steelyard/contracts/grpc';
import { canonicalJson, type JsonObject } from '@steelyard/domain/ledger-chain';
import { callerName, type Caller } from '../access/caller.js';
import type { RequestOrigin } from './request-origin.js';

/** Who asked, and from where. */
export interface Actor {
  readonly caller: Caller;
  readonly origin: RequestOrigin;
}

/** What was done. */
export interface Deed {
  readonly action: string;
  /** Absent: it is about no account. */
  readonly accountId?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: JsonObject;
}

/** What happened at the edge, for the audit trail. Address and user agent are personal data and stay apart. */
export function edgeEvent({ caller, origin }: Actor, deed: Deed): auditV1.AuditEvent {
  const { address, userAgent, correlationId } = origin;
  const personal = { address, ...(userAgent === '' ? {} : { userAgent }) };
  return {
    eventId: timeOrderedId(),
    atMs: BigInt(Date.now()),
    action: deed.action,
    accountId: deed.accountId ?? '',
    performedBy: callerName(caller),
    // The most powerful one comes first.
    role: caller.kind === 'token' ? (caller.roles[0] ?? '') : '',
    agentId: '',
    apiKeyId: caller.kind === 'apiKey' ? caller.keyId : '',
    correlationId,
    reason: deed.reason ?? '',
    detailJson: deed.detail === undefined ? '' : canonicalJson(deed.detail),
    personalJson: canonicalJson(personal),
  };
}

const RANDOM_BYTES = 10;

/** A UUIDv7: events lie in the outbox in the order of their time. */
function timeOrderedId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = randomBytes(RANDOM_BYTES);
  // Version 7, variant 10.
  random[0] = ((random[0] ?? 0) & 0x0f) | 0x70;
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80;
  const hex = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
}
