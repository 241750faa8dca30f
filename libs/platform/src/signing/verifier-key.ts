import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { isKeyName } from '@steelyard/domain/sealing';

/** The signature type of Ed25519 in signed notes. */
const ED25519 = 0x01;
const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
// SubjectPublicKeyInfo of an Ed25519 key: this, then its 32 bytes.
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const VERIFIER_KEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;

/** A key that cannot be used, and what to do about it. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
}

/** A public key under the name that its signatures bear. */
export interface VerifierKey {
  readonly name: string;
  /** Tells keys of one name apart: 8 hex digits of SHA-256 over name and key. */
  readonly keyId: string;
  /** The form of C2SP signed notes: name+hash+base64(type and public key). */
  readonly text: string;
  /** PEM, SubjectPublicKeyInfo. */
  readonly pem: string;
  readonly publicKey: KeyObject;
}

/** Makes a verifier key of an Ed25519 public key. Throws {@link SigningKeyError} for other keys and for bad names. */
export function verifierKeyOf(name: string, publicKey: KeyObject): VerifierKey {
  if (!isKeyName(name)) {
    throw new SigningKeyError(
      'a key name has 1 to 255 printable ASCII characters and neither space nor plus',
    );
  }
  if (publicKey.asymmetricKeyType !== 'ed25519') {
    throw new SigningKeyError(`${name}: only Ed25519 keys sign and verify notes`);
  }
  const bytes = publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);
  const typed = Buffer.concat([Buffer.of(ED25519), bytes]);
  const keyId = createHash('sha256')
    .update(`${name}\n`)
    .update(typed)
    .digest('hex')
    .slice(0, 2 * KEY_ID_BYTES);
  return {
    name,
    keyId,
    text: `${name}+${keyId}+${typed.toString('base64')}`,
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    publicKey,
  };
}

/** Reads `name+hash+base64`. Throws {@link SigningKeyError} when the parts do not belong together. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', keyId, encoded = ''] = VERIFIER_KEY.exec(text) ?? [];
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 1 + PUBLIC_KEY_BYTES || typed[0] !== ED25519 || typed.toString('base64') !== encoded) {
    throw new SigningKeyError('a verifier key is name+hash+base64 of an Ed25519 public key');
  }
  const der = Buffer.concat([SPKI_PREFIX, typed.subarray(1)]);
  const key = verifierKeyOf(name, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  if (key.keyId !== keyId)
    throw new SigningKeyError(`the hash of the verifier key of ${name} is not its own`);
  return key;
}

/** Reads a public key in PEM. Throws {@link SigningKeyError} when it is none. */
export function verifierKeyFromPem(name: string, pem: string): VerifierKey {
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey(pem);
  } catch (cause) {
    throw new SigningKeyError(`${name}: this is no public key in PEM`, { cause });
  }
  return verifierKeyOf(name, publicKey);
}
