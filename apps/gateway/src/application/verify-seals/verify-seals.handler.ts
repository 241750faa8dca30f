import type { proofsV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';
import type { ProofsPort } from '../ports/proofs.port.js';

/** Recomputes the next seals from what the ledger holds. */
export class VerifySealsHandler {
  constructor(private readonly proofs: ProofsPort) {}

  /** From `cursor` on, a bounded number; an empty cursor is the beginning. */
  execute(request: proofsV1.VerifySealsRequest): Promise<proofsV1.VerifySealsResponse | Refused> {
    return this.proofs.verifySeals(request);
  }
}
