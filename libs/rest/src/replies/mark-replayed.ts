import type { FastifyReply } from 'fastify';

/** Tells the caller when this is the first answer again. */
export function markReplayed(reply: FastifyReply, { replayed }: { readonly replayed: boolean }): void {
  if (replayed) reply.header('idempotency-replayed', 'true');
}
