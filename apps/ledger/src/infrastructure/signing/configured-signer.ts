import { readFile } from 'node:fs/promises';
import { checkpointText, type CheckpointBody } from '@steelyard/domain/sealing';
import {
  keptSigningKey,
  openNote,
  parseVerifierKey,
  signingKeyFromPem,
  signNote,
  SigningKeyError,
  type SigningKey,
} from '@steelyard/platform/signing';
import { CheckpointSigner, type LogSigner } from '../../application/sealing/checkpoint-signer.port.js';

export interface SignerConfig {
  /** Private key in PEM, or the path of a file with it; undefined: one is made and kept in the data directory. */
  readonly current: string | undefined;
  readonly previous: string | undefined;
  readonly dataDir: string;
}

/** How PEM begins: everything else is a path. */
const PEM_START = '-----BEGIN';
/** Any name: keys are only tried. */
const TRIAL_NAME = 'trial';

/** Signs with the keys that the configuration names. */
export class ConfiguredSigner extends CheckpointSigner {
  private readonly byOrigin = new Map<string, Promise<LogSigner>>();

  private constructor(
    private readonly dataDir: string,
    private readonly pems: readonly string[],
  ) {
    super();
  }

  /** Reads the keys. Throws SigningKeyError when one cannot be used: better at the start than at the first seal. */
  static async load({ current, previous, dataDir }: SignerConfig): Promise<ConfiguredSigner> {
    const pems: string[] = [];
    for (const key of [previous, current]) if (key !== undefined) pems.push(await readPem(key));
    for (const pem of pems) signingKeyFromPem(TRIAL_NAME, pem);
    if (current === undefined && previous !== undefined) {
      throw new SigningKeyError('LEDGER_SIGNING_KEY_PREVIOUS is set without LEDGER_SIGNING_KEY: set both');
    }
    return new ConfiguredSigner(dataDir, pems);
  }

  override signerOf(origin: string): Promise<LogSigner> {
    const known = this.byOrigin.get(origin);
    if (known !== undefined) return known;
    const made = this.makeSigner(origin);
    this.byOrigin.set(origin, made);
    // What failed, such as a file that could not be written, may work the next time.
    made.catch(() => this.byOrigin.delete(origin));
    return made;
  }

  override noteFault(note: string, verifierKeys: readonly string[]): string | undefined {
    const opened = openNote(note, verifierKeys.map(parseVerifierKey));
    return 'fault' in opened ? opened.fault : undefined;
  }

  private async makeSigner(origin: string): Promise<LogSigner> {
    const keys =
      this.pems.length === 0
        ? [await keptSigningKey(this.dataDir, origin)]
        : this.pems.map((pem) => signingKeyFromPem(origin, pem));
    return logSigner(keys);
  }
}

function logSigner(keys: readonly SigningKey[]): LogSigner {
  return {
    keys: keys.map(({ verifier: { name, text, pem } }) => ({ name, verifierKey: text, publicKeyPem: pem })),
    sign: (body: CheckpointBody) => signNote(checkpointText(body), keys),
  };
}

async function readPem(key: string): Promise<string> {
  if (key.includes(PEM_START)) return key;
  try {
    return await readFile(key, 'utf8');
  } catch (cause) {
    throw new SigningKeyError('the file that LEDGER_SIGNING_KEY names cannot be read', { cause });
  }
}
