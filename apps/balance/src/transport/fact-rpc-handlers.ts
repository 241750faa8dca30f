import type { factsV1 } from '@steelyard/contracts/grpc';
import type { RpcHandlers } from '@steelyard/platform/rpc';
import { FactIntegrityError } from '../application/read-facts/fact-tail.port.js';
import type { ReadFactsHandler, ReadFactsQuery } from '../application/read-facts/read-facts.handler.js';
import { RefusedRpcError } from './refused-rpc-error.js';

export type FactRpcHandlers = RpcHandlers<typeof factsV1.FactServiceService>;

const LIMIT_DEFAULT = 500;
const LIMIT_MAX = 1_000;

/** Committed facts for whoever missed some. */
export function factRpcHandlers(readFacts: ReadFactsHandler, buckets: number): FactRpcHandlers {
  return {
    readFacts: async (request) => {
      const query = decodeReadFacts(request, buckets);
      const { facts, headSequence } = await readFacts.read(query).catch(rethrow);
      return { facts: [...facts], headSequence };
    },
    getHeads: async () => {
      const { deploymentId, heads } = await readFacts.heads().catch(rethrow);
      return { deploymentId, heads: [...heads] };
    },
  };
}

/** Throws RefusedRpcError for a malformed request. */
function decodeReadFacts(
  { bucket, afterSequence, limit }: factsV1.ReadFactsRequest,
  buckets: number,
): ReadFactsQuery {
  if (bucket >= buckets) {
    throw new RefusedRpcError('INVALID_REQUEST', `bucket must be between 0 and ${buckets - 1}`);
  }
  if (afterSequence < 0n) throw new RefusedRpcError('INVALID_REQUEST', 'afterSequence must not be negative');
  if (limit > LIMIT_MAX) {
    throw new RefusedRpcError('INVALID_REQUEST', `limit must be between 1 and ${LIMIT_MAX}`);
  }
  return { bucket, afterSequence, limit: limit === 0 ? LIMIT_DEFAULT : limit };
}

function rethrow(error: unknown): never {
  if (error instanceof FactIntegrityError) throw new RefusedRpcError('INTEGRITY_FAILURE', error.message);
  throw error;
}
