import { toHex } from '@steelyard/domain/merkle';
import { readCheckpoint } from '../sealing/checkpoint-note.js';
import type { CheckpointSigner } from '../sealing/checkpoint-signer.port.js';
import type { SealReads } from '../sealing/seal-reads.port.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { LogIdentity } from './seal-check.js';
import { sealFault, type SealFault } from './seal-fault.js';

/** Compares the log with a checkpoint that was kept elsewhere: nobody who has the database can change that one. */
export class KeptCheckpoint {
  constructor(
    private readonly seals: SealReads,
    private readonly signer: CheckpointSigner,
  ) {}

  /** Refuses with INVALID_REQUEST when the note is no checkpoint. */
  async check(note: string, log: LogIdentity): Promise<SealFault[] | ReadRefusal> {
    const body = readCheckpoint(note);
    if (body === undefined) return refuseRead('INVALID_REQUEST', 'note is no checkpoint', 'note');
    const { treeSize } = body;
    if (body.origin !== log.origin) {
      const own = log.origin === '' ? 'this ledger has none' : `this ledger's is ${log.origin}`;
      return [sealFault(treeSize, `the checkpoint kept elsewhere is of the log ${body.origin}, ${own}`)];
    }
    const unsigned = this.signer.noteFault(note, log.verifierKeys);
    // With a note that nobody signed, or with a ledger whose list of keys was changed, nothing else can be said.
    if (unsigned !== undefined) return [sealFault(treeSize, `the checkpoint kept elsewhere: ${unsigned}`)];
    const seal = await this.seals.find(treeSize);
    if (seal === undefined) {
      const size = (await this.seals.latest())?.seal ?? 0n;
      const reason = `the checkpoint kept elsewhere is of a log of ${treeSize} seals, the ledger has only ${size}`;
      return [sealFault(treeSize, reason)];
    }
    if (toHex(seal.rootHash) === body.rootHash) return [];
    return [sealFault(treeSize, 'the checkpoint kept elsewhere has another root: the log was rewritten')];
  }
}
