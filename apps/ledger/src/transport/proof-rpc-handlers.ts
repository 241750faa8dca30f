import type { proofsV1 } from '@steelyard/contracts/grpc';
import type { WrittenPath } from '@steelyard/domain/sealing';
import type { RpcHandlers } from '@steelyard/platform/rpc';
import type { ProveConsistencyHandler } from '../application/proofs/prove-consistency.handler.js';
import type { EntryProved, ProveEntryHandler } from '../application/proofs/prove-entry.handler.js';
import type { ReadCheckpointsHandler } from '../application/proofs/read-checkpoints.handler.js';
import type { VerifySealsHandler } from '../application/verify-seals/verify-seals.handler.js';
import { granted } from './refused-rpc-error.js';

/** The use cases behind the service. */
export interface ProofUseCases {
  readonly checkpoints: ReadCheckpointsHandler;
  readonly proveEntry: ProveEntryHandler;
  readonly proveConsistency: ProveConsistencyHandler;
  readonly verifySeals: VerifySealsHandler;
}

/** What every transport serves. A refusal leaves as RefusedRpcError. */
export function proofRpcHandlers(useCases: ProofUseCases): RpcHandlers<typeof proofsV1.ProofServiceService> {
  const { checkpoints, proveEntry, proveConsistency, verifySeals } = useCases;
  return {
    listCheckpoints: async (request) => granted(await checkpoints.list(request)),
    getCheckpoint: async ({ treeSize }) => granted(await checkpoints.get(treeSize)),
    proveEntry: async (request) => {
      const { entry, proof } = granted(await proveEntry.execute(request));
      return { entry, proof: proofMessage(proof) };
    },
    proveConsistency: async (request) => granted(await proveConsistency.execute(request)),
    verifySeals: async (request) => granted(await verifySeals.execute(request)),
    listSigningKeys: () => checkpoints.keys(),
  };
}

/** A proof as the protocol carries it. */
export function proofMessage(proof: EntryProved['proof']): proofsV1.EntryProof {
  const { inBucket, inSeal, inLog, entryLeaf, bucketLeaf, sealLeaf, checkpoint } = proof;
  return {
    entryLeaf,
    inBucket: pathMessage(inBucket),
    bucketLeaf,
    inSeal: pathMessage(inSeal),
    sealLeaf,
    inLog: pathMessage(inLog),
    checkpoint,
  };
}

function pathMessage({ leafIndex, treeSize, hashes }: WrittenPath): proofsV1.InclusionPath {
  return { leafIndex, treeSize, hashes: [...hashes] };
}
