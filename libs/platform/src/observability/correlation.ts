import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** Header (HTTP, NATS) and metadata key (gRPC) that carries the correlation id between processes. */
export const CORRELATION_HEADER = 'x-correlation-id';

const ACCEPTED_PATTERN = /^[A-Za-z0-9._:-]{1,128}$/;

const storage = new AsyncLocalStorage<string>();

/** The id of the request that the running code works for, or undefined outside of one. */
export function currentCorrelationId(): string | undefined {
  return storage.getStore();
}

/** Runs `work`, and everything asynchronous that it starts, under the id. */
export function withCorrelationId<Result>(correlationId: string, work: () => Result): Result {
  return storage.run(correlationId, work);
}

/** A fresh id, for work that came without one. */
export function newCorrelationId(): string {
  return randomUUID();
}

/** The caller's id when it has 1 to 128 of [A-Za-z0-9._:-], which is safe in headers and logs; else a fresh one. */
export function acceptCorrelationId(offered: unknown): string {
  return typeof offered === 'string' && ACCEPTED_PATTERN.test(offered) ? offered : newCorrelationId();
}
