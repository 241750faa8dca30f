import type { proofsV1 } from '@steelyard/contracts/grpc';
import { ACCESS, type AccountAccess, type Caller, isSelfCaller } from '@steelyard/rest/access';
import type { LedgerPort } from '@steelyard/rest/ledger';
import { isRefused, refused, type Refused } from '@steelyard/rest/refusals';
import type { ProofsPort } from '../ports/proofs.port.js';

const FORBIDDEN = refused('FORBIDDEN', 'You may not do this');
/** The last two digits of an entry's id are its place in the transaction, whose own id has zeros there. */
const PLACE_DIGITS = 2;

/** Reads checkpoints, which concern everybody, and proofs of entries, which concern who may read the account. */
export class ReadProofsHandler {
  constructor(
    private readonly proofs: ProofsPort,
    private readonly ledger: LedgerPort,
    private readonly access: AccountAccess,
  ) {}

  checkpoints(request: proofsV1.ListCheckpointsRequest): Promise<proofsV1.ListCheckpointsResponse | Refused> {
    return this.proofs.listCheckpoints(request);
  }

  /** Of this size, 0: the latest. */
  checkpoint(treeSize: bigint): Promise<proofsV1.Checkpoint | Refused> {
    return this.proofs.getCheckpoint(treeSize);
  }

  consistency(
    request: proofsV1.ProveConsistencyRequest,
  ): Promise<proofsV1.ProveConsistencyResponse | Refused> {
    return this.proofs.proveConsistency(request);
  }

  keys(): Promise<readonly proofsV1.SigningKey[]> {
    return this.proofs.listSigningKeys();
  }

  /** A caller without a role must own the entry's account, and cannot tell why it may not. */
  async entry(
    caller: Caller,
    request: proofsV1.ProveEntryRequest,
  ): Promise<proofsV1.ProveEntryResponse | Refused> {
    const denied = this.access.enter(ACCESS.readEntryProof, caller);
    if (denied) return denied;
    if (isSelfCaller(caller) && !(await this.#owns(caller, request.entryId))) return FORBIDDEN;
    return this.proofs.proveEntry(request);
  }

  async #owns(caller: Caller, entryId: string): Promise<boolean> {
    const transactionId = entryId.slice(0, -PLACE_DIGITS).padEnd(entryId.length, '0');
    const transaction = await this.ledger.getTransaction(transactionId);
    if (isRefused(transaction)) return false;
    const entry = transaction.entries.find((one) => one.entryId === entryId);
    return entry !== undefined && this.access.owns(caller, entry.accountId);
  }
}
