import type { proofsV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';

/** Checkpoints and proofs of the ledger app. Throws an outage when it cannot answer; a refusal is a value. */
export abstract class ProofsPort {
  /** Newest first. */
  abstract listCheckpoints(
    request: proofsV1.ListCheckpointsRequest,
  ): Promise<proofsV1.ListCheckpointsResponse | Refused>;
  /** Of this size, 0: the latest. */
  abstract getCheckpoint(treeSize: bigint): Promise<proofsV1.Checkpoint | Refused>;
  abstract proveEntry(request: proofsV1.ProveEntryRequest): Promise<proofsV1.ProveEntryResponse | Refused>;
  abstract proveConsistency(
    request: proofsV1.ProveConsistencyRequest,
  ): Promise<proofsV1.ProveConsistencyResponse | Refused>;
  abstract verifySeals(request: proofsV1.VerifySealsRequest): Promise<proofsV1.VerifySealsResponse | Refused>;
  abstract listSigningKeys(): Promise<readonly proofsV1.SigningKey[]>;
}
