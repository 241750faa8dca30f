import type { Logger } from '@steelyard/platform/observability';
import { isRefusal } from '@steelyard/domain/result';
import type { FastifyRequest } from 'fastify';
import type { AccessRule } from '../access/access-rule.js';
import { callerName, isSelfCaller, type Caller } from '../access/caller.js';
import { BoundedCache } from '../authentication/bounded-cache.js';
import { parseReadableAccountId } from '../requests/fields.js';
import type { AuditRecorder } from './audit-recorder.js';
import { edgeEvent } from './edge-event.js';
import { originOf } from './request-origin.js';

/** Whoever is refused again and again on the same route is told of once in so long. */
const DENIALS_EVERY_MS = 60_000;
const DENIALS_REMEMBERED_MAX = 10_000;
const QUERY_LENGTH_MAX = 512;
const ID_LENGTH_MAX = 256;

/** Records who looked at, or changed the rules of, what belongs to somebody else. */
export class AccessAudit {
  readonly #denials = new BoundedCache<true>(DENIALS_REMEMBERED_MAX);

  /** @param recordsMachines whether callers with the role service or an API key are recorded, too. */
  constructor(
    private readonly recorder: AuditRecorder,
    private readonly recordsMachines: boolean,
    private readonly logger: Logger,
  ) {}

  /** Before a request is let in. @throws OutageError when it must be recorded and cannot be: it is not let in then. */
  async granted(rule: AccessRule, caller: Caller, request: FastifyRequest): Promise<void> {
    const { audit } = rule;
    if (audit === undefined || !this.#isRecorded(caller)) return;
    const id = idOf(request);
    if (caller.kind === 'token' && audit.about === 'account' && id === caller.subject) return;
    await this.recorder.record(eventOf(audit.action, rule, { caller, request }));
  }

  /** After a request was refused. The caller does not wait for it, and it may be lost in an outage. */
  denied(rule: AccessRule, caller: Caller, request: FastifyRequest): void {
    const nowMs = Date.now();
    const key = `${callerName(caller)} ${routeOf(request)}`;
    if (this.#denials.get(key, nowMs)) return;
    this.#denials.set(key, true, nowMs + DENIALS_EVERY_MS);
    this.recorder
      .record(eventOf('ACCESS_DENIED', rule, { caller, request }))
      .catch((error: unknown) => this.logger.warn({ error }, 'audit.denial.lost'));
  }

  #isRecorded(caller: Caller): boolean {
    if (isSelfCaller(caller)) return false;
    const isPerson = caller.kind === 'token' && caller.roles.some((role) => role !== 'service');
    return isPerson || this.recordsMachines;
  }
}

function eventOf(
  action: string,
  { audit, subject }: AccessRule,
  { caller, request }: { readonly caller: Caller; readonly request: FastifyRequest },
) {
  const id = idOf(request);
  const isAccount = subject === 'account' || audit?.about === 'account';
  const accountId = isAccount && id !== undefined ? parseReadableAccountId(id) : undefined;
  const isReadable = accountId !== undefined && !isRefusal(accountId);
  const query = request.url.split('?')[1] ?? '';
  const detail = {
    route: routeOf(request),
    ...(id === undefined || isReadable ? {} : { id: wellFormed(id, ID_LENGTH_MAX) }),
    ...(query === '' ? {} : { query: wellFormed(query, QUERY_LENGTH_MAX) }),
  };
  return edgeEvent(
    { caller, origin: originOf(request) },
    { action, accountId: isReadable ? accountId : undefined, detail },
  );
}

function routeOf({ method, routeOptions, url }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? url}`;
}

function idOf({ params }: FastifyRequest): string | undefined {
  const id: unknown = typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined;
  return typeof id === 'string' ? id : undefined;
}

function wellFormed(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).toWellFormed().replaceAll('\u0000', '');
}
