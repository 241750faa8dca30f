import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const KEY_ID_BYTES = 9;
/** 256 bits: nobody guesses it, so a fast hash keeps it as well as a slow one. */
const SECRET_BYTES = 32;
const KEY_ID_PATTERN = /^[A-Za-z0-9_-]{12}$/;
const CREDENTIALS_PATTERN = /^([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{43})$/;

/** A fresh key: its id, and the secret that is shown once. */
export function generateKey(): { keyId: string; secret: string } {
  return {
    keyId: randomBytes(KEY_ID_BYTES).toString('base64url'),
    secret: randomBytes(SECRET_BYTES).toString('base64url'),
  };
}

/** True for what can be the id of a key; others need not be looked for. */
export function isKeyId(text: string): boolean {
  return KEY_ID_PATTERN.test(text);
}

/** What is kept of a secret. */
export function hashSecret(secret: string): Uint8Array {
  return hash('sha256', secret, 'buffer');
}

/** Compares in constant time. */
export function isSecret(secret: string, secretHash: Uint8Array): boolean {
  return timingSafeEqual(hashSecret(secret), secretHash);
}

/** Reads `<id>.<secret>`; undefined when it is no such text. */
export function parseCredentials(text: string): { keyId: string; secret: string } | undefined {
  const [, keyId, secret] = CREDENTIALS_PATTERN.exec(text) ?? [];
  return keyId !== undefined && secret !== undefined ? { keyId, secret } : undefined;
}
