import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SigningKeyError, verifierKeyOf, type VerifierKey } from './verifier-key.js';

/** A private key that signs notes, with the public key that verifies them. */
export interface SigningKey {
  readonly verifier: VerifierKey;
  /** The signature line of a note's text, with its newline. */
  signatureLine(text: string): string;
}

/**
 * Reads a private key in PEM (PKCS #8), its lines divided by newlines or, as environment variables often have it,
 * by `\n`. `name` is what its signatures bear: the origin of the log. Throws {@link SigningKeyError}; its message
 * never shows the key.
 */
export function signingKeyFromPem(name: string, pem: string): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch (cause) {
    throw new SigningKeyError(`${name}: this is no private key in PEM (PKCS #8)`, { cause });
  }
  const verifier = verifierKeyOf(name, createPublicKey(privateKey));
  const keyId = Buffer.from(verifier.keyId, 'hex');
  return {
    verifier,
    signatureLine: (text) => {
      const signature = sign(null, Buffer.from(text, 'utf8'), privateKey);
      return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
    },
  };
}

/** As {@link signingKeyFromPem}, from a file. Throws {@link SigningKeyError} when it cannot be read. */
export async function signingKeyFromFile(name: string, path: string): Promise<SigningKey> {
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (cause) {
    throw new SigningKeyError(`the signing key ${path} cannot be read`, { cause });
  }
  return signingKeyFromPem(name, pem);
}
