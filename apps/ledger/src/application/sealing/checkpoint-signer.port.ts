import type { CheckpointBody } from '@steelyard/domain/sealing';

/** A public key that checkpoints are verified with. */
export interface CheckpointKey {
  readonly name: string;
  /** name+hash+base64: the form of signed notes. */
  readonly verifierKey: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKeyPem: string;
}

/** Signs the checkpoints of one log, while keys are changed with the previous key too. */
export interface LogSigner {
  readonly keys: readonly CheckpointKey[];
  /** The signed note. */
  sign(body: CheckpointBody): string;
}

export abstract class CheckpointSigner {
  /** The signer in the name of this log. Throws when a key cannot be used. */
  abstract signerOf(origin: string): Promise<LogSigner>;

  /** Why a note must not be believed, when its signatures are verified with these keys; undefined: it may. */
  abstract noteFault(note: string, verifierKeys: readonly string[]): string | undefined;
}
