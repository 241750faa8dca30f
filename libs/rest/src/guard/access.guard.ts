import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { invariant } from '@steelyard/domain/result';
import { ProblemError } from '@steelyard/platform/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountAccess } from '../access/account-access.js';
import type { AccessRule } from '../access/access-rule.js';
import { isSelfCaller, type Caller } from '../access/caller.js';
import { AccessAudit } from '../audit/access-audit.js';
import { AuthenticateHandler } from '../authentication/authenticate.handler.js';
import { RateLimiterPort } from './rate-limiter.port.js';
import { isRefused, type Refused } from '../refusals/refused.js';
import { orProblem, problemOf } from '../replies/or-problem.js';
import { parseReadableAccountId } from '../requests/fields.js';
import { ACCESS_RULE } from './access-metadata.js';

const CHALLENGE = 'Bearer, ApiKey';

/** Lets a request in: who sends it, whether that one may, and whether it does so too often. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticate: AuthenticateHandler,
    private readonly access: AccountAccess,
    private readonly rateLimiter: RateLimiterPort,
    private readonly audit: AccessAudit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule: unknown = Reflect.getMetadata(ACCESS_RULE, context.getHandler());
    invariant(isRule(rule), 'a guarded route has an access rule');
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const caller = await this.#identify(request, http.getResponse<FastifyReply>());
    request.caller = caller;
    if (isSelfCaller(caller)) await this.#limit(caller.subject);
    const denied = await this.#decide(rule, caller, request);
    if (denied) {
      this.audit.denied(rule, caller, request);
      throw problemOf(denied);
    }
    await this.audit.granted(rule, caller, request);
    return true;
  }

  async #identify(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const caller = await this.authenticate.execute(request.headers.authorization);
    if (!isRefused(caller)) return caller;
    reply.header('www-authenticate', CHALLENGE);
    throw problemOf(caller);
  }

  async #limit(subject: string): Promise<void> {
    const retryAfterSeconds = await this.rateLimiter.consume(subject);
    if (retryAfterSeconds === undefined) return;
    throw new ProblemError('RATE_LIMITED', 'You send more requests a second than you may', {
      retryAfterSeconds,
    });
  }

  #decide(
    rule: AccessRule,
    caller: Caller,
    request: FastifyRequest,
  ): Promise<Refused | undefined> | Refused | undefined {
    if (rule.subject === 'account') {
      const accountId = parseReadableAccountId(idParam(request));
      return this.access.reach(rule, caller, orProblem(accountId));
    }
    if (rule.subject === 'holder') return this.access.reachHolder(rule, caller, idParam(request));
    return this.access.enter(rule, caller);
  }
}

function idParam({ params }: FastifyRequest): string {
  const id: unknown = typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined;
  invariant(typeof id === 'string', 'a route about an account or a holder has its id in the path');
  return id;
}

function isRule(rule: unknown): rule is AccessRule {
  return typeof rule === 'object' && rule !== null && 'roles' in rule;
}
