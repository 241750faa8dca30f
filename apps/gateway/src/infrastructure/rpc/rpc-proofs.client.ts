import type { proofsV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import type { RpcClient } from '@steelyard/platform/rpc';
import { orRefusal, type Refused } from '@steelyard/rest/refusals';
import { ProofsPort } from '../../application/ports/proofs.port.js';

export type ProofsRpc = RpcClient<typeof proofsV1.ProofServiceService>;

/** Proofs of the ledger app over gRPC or NATS, whichever the client speaks. */
export class RpcProofsClient extends ProofsPort {
  constructor(private readonly rpc: ProofsRpc) {
    super();
  }

  listCheckpoints(
    request: proofsV1.ListCheckpointsRequest,
  ): Promise<proofsV1.ListCheckpointsResponse | Refused> {
    return orRefusal('CHECKPOINT_NOT_FOUND', () => this.rpc.call('listCheckpoints', request));
  }

  getCheckpoint(treeSize: bigint): Promise<proofsV1.Checkpoint | Refused> {
    return orRefusal('CHECKPOINT_NOT_FOUND', async () => {
      const { checkpoint } = await this.rpc.call('getCheckpoint', { treeSize });
      invariant(checkpoint, 'the ledger answers with the checkpoint');
      return checkpoint;
    });
  }

  proveEntry(request: proofsV1.ProveEntryRequest): Promise<proofsV1.ProveEntryResponse | Refused> {
    return orRefusal('ENTRY_NOT_FOUND', () => this.rpc.call('proveEntry', request));
  }

  proveConsistency(
    request: proofsV1.ProveConsistencyRequest,
  ): Promise<proofsV1.ProveConsistencyResponse | Refused> {
    return orRefusal('CHECKPOINT_NOT_FOUND', () => this.rpc.call('proveConsistency', request));
  }

  verifySeals(request: proofsV1.VerifySealsRequest): Promise<proofsV1.VerifySealsResponse | Refused> {
    return orRefusal('CHECKPOINT_NOT_FOUND', () => this.rpc.call('verifySeals', request));
  }

  async listSigningKeys(): Promise<readonly proofsV1.SigningKey[]> {
    return (await this.rpc.call('listSigningKeys', {})).keys;
  }
}
