import type { SealReads } from '../sealing/seal-reads.port.js';
import type { SealVerificationStore } from './seal-verification-store.port.js';

export interface SealSummary {
  /** Of the last checkpoint; undefined before the first. */
  readonly checkpointTreeSize: bigint | undefined;
  readonly checkpointSealedAtMs: bigint | undefined;
  /** When the last complete walk over all seals began; undefined before its end. */
  readonly sealsVerifiedUpToMs: bigint | undefined;
}

/** How far the ledger is sealed, and how far its seals are verified. */
export class SealProgress {
  constructor(
    private readonly seals: SealReads,
    private readonly verification: SealVerificationStore,
  ) {}

  async summary(): Promise<SealSummary> {
    const [latest, verifiedUpToMs] = await Promise.all([
      this.seals.latest(),
      this.verification.verifiedUpToMs(),
    ]);
    return {
      checkpointTreeSize: latest?.seal,
      checkpointSealedAtMs: latest === undefined ? undefined : BigInt(latest.sealedAtMs),
      sealsVerifiedUpToMs: verifiedUpToMs === undefined ? undefined : BigInt(verifiedUpToMs),
    };
  }
}
