import type { CheckpointSigner } from '../sealing/checkpoint-signer.port.js';
import type { SealReads } from '../sealing/seal-reads.port.js';
import type { LogIdentity } from './seal-check.js';

/** Knows what the log is called and whose signatures count. */
export class LogIdentities {
  constructor(
    private readonly seals: SealReads,
    private readonly signer: CheckpointSigner,
    /** False: this process seals nothing and need not have keys. */
    private readonly hasKeys: boolean,
  ) {}

  /** The keys of the configuration and those that are remembered. */
  async read(): Promise<LogIdentity> {
    const origin = (await this.seals.origin()) ?? '';
    const remembered = (await this.seals.signingKeys()).map(({ verifierKey }) => verifierKey);
    const configured =
      this.hasKeys && origin !== ''
        ? (await this.signer.signerOf(origin)).keys.map(({ verifierKey }) => verifierKey)
        : [];
    return { origin, verifierKeys: [...new Set([...configured, ...remembered])] };
  }
}
