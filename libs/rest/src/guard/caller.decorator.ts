import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { invariant } from '@steelyard/domain/result';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request, once the guard has proved it.  */
    caller?: Caller;
  }
}

/** Who sent the request, proved by the guard. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  invariant(caller, 'the route is guarded');
  return caller;
});
