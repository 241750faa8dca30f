import { createPrivateKey } from 'node:crypto';
import { signingKeyFromPem, type SigningKey } from '@steelyard/platform/signing';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key from a seed of one repeated byte: for vectors that must never change, and for nothing else. */
export function testKey(name: string, seedByte: number): SigningKey {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, seedByte)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return signingKeyFromPem(name, key.export({ type: 'pkcs8', format: 'pem' }).toString());
}
