import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Where a request came from. */
export interface RequestOrigin {
  readonly correlationId: string;
  readonly address: string;
  /** Empty: it did not say. */
  readonly userAgent: string;
}

const USER_AGENT_LENGTH_MAX = 256;

/** Where a request came from; the address is the peer's, or the proxy's word for it where that is trusted. */
export function originOf({ id, ip, headers }: FastifyRequest): RequestOrigin {
  const userAgent = (headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH_MAX);
  return { correlationId: id, address: ip, userAgent };
}

/** Where the request came from. */
export const CurrentOrigin = createParamDecorator(
  (_data: unknown, context: ExecutionContext): RequestOrigin =>
    originOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
