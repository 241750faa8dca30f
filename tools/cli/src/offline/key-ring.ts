import { checkpointInNote } from '@steelyard/domain/sealing';
import {
  parseVerifierKey,
  SigningKeyError,
  verifierKeyFromPem,
  type VerifierKey,
} from '@steelyard/platform/signing';
import { usageError } from '../cli-error.js';
import { readTextFile } from './read-files.js';

/** The keys that the user trusts. Those in PEM bear no name: they take that of the log they are used on. */
export class KeyRing {
  private constructor(
    private readonly named: readonly VerifierKey[],
    private readonly pems: readonly string[],
  ) {}

  /** From verifier keys and names of files in PEM. Throws a usage error for what is neither. */
  static async read(texts: readonly string[]): Promise<KeyRing> {
    const named: VerifierKey[] = [];
    const pems: string[] = [];
    for (const text of texts) {
      if (text.split('+').length >= 3) named.push(asUsage(() => parseVerifierKey(text)));
      else pems.push(await readTextFile(text, 'the key'));
    }
    for (const pem of pems) asUsage(() => verifierKeyFromPem('log', pem));
    return new KeyRing(named, pems);
  }

  /** The keys for these notes. */
  keysFor(notes: readonly string[]): VerifierKey[] {
    const origins = new Set(notes.map((note) => checkpointInNote(note)?.origin ?? 'unknown'));
    const fromPem = [...origins].flatMap((origin) => this.pems.map((pem) => verifierKeyFromPem(origin, pem)));
    return [...this.named, ...fromPem];
  }
}

function asUsage(read: () => VerifierKey): VerifierKey {
  try {
    return read();
  } catch (error) {
    if (error instanceof SigningKeyError) throw usageError(`--key: ${error.message}`);
    throw error;
  }
}
