import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { openNote, signNote } from './signed-note.js';
import { signingKeyFromPem, type SigningKey } from './signing-key.js';
import { parseVerifierKey, SigningKeyError, verifierKeyFromPem } from './verifier-key.js';

// The test vectors of signed notes, as golang.org/x/mod/sumdb/note has them.
const VERIFIER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SIGNER_KEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const NOTE = `${TEXT}\n${SIGNATURE}`;

/** A private key in the form of that package: everything after the fourth plus is base64 of type and seed. */
function keyFromSigner(text: string): SigningKey {
  const [, , name = '', , ...encoded] = text.split('+');
  const seed = Buffer.from(encoded.join('+'), 'base64').subarray(1);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return signingKeyFromPem(name, key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

function newKey(name: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signingKeyFromPem(name, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

const peter = keyFromSigner(SIGNER_KEY);
const known = [peter.verifier];

describe('the published vectors of signed notes', () => {
  it('give the verifier key of the signer', () => {
    expect(peter.verifier.text).toBe(VERIFIER_KEY);
    expect(peter.verifier.keyId).toBe('c74f20a3');
  });

  it('give the note, byte for byte', () => {
    expect(signNote(TEXT, [peter])).toBe(NOTE);
  });

  it('open', () => {
    const key = parseVerifierKey(VERIFIER_KEY);
    expect(openNote(NOTE, [key])).toEqual({ text: TEXT, verifiedBy: [key] });
  });

  it.each([
    // The length and the type are wrong; the hashes belong to them.
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  ])('refuse the verifier key %s', (text) => {
    expect(() => parseVerifierKey(text)).toThrow(SigningKeyError);
  });

  it('refuse every part of the verifier key and every change of a character', () => {
    for (let from = 0; from < VERIFIER_KEY.length; from++) {
      for (let to = from + 1; to <= VERIFIER_KEY.length; to++) {
        if (to - from === VERIFIER_KEY.length) continue;
        expect(() => parseVerifierKey(VERIFIER_KEY.slice(from, to))).toThrow(SigningKeyError);
      }
      const other = String.fromCharCode(VERIFIER_KEY.charCodeAt(from) + 1);
      const changed = VERIFIER_KEY.slice(0, from) + other + VERIFIER_KEY.slice(from + 1);
      expect(() => parseVerifierKey(changed)).toThrow(SigningKeyError);
    }
  });
});

describe('a note', () => {
  const texts = fc.array(fc.stringMatching(/^[ -~éЖ😀]{0,20}$/u), { minLength: 1, maxLength: 6 });

  it('signed by several keys opens with each of them', () => {
    const keys = [newKey('ledger.example/a'), newKey('ledger.example/a'), newKey('ledger.example/b')];
    fc.assert(
      fc.property(texts, (lines) => {
        const text = `${lines.join('\n')}\n`;
        const note = signNote(text, keys);
        for (const { verifier } of keys)
          expect(openNote(note, [verifier])).toEqual({ text, verifiedBy: [verifier] });
        expect(openNote(note, known)).toEqual({ fault: 'no known key has signed the note' });
      }),
      propertyParameters({ numRuns: 30 }),
    );
  });

  it('does not open with any byte of its text changed', () => {
    for (let at = 0; at < TEXT.length; at++) {
      const other = TEXT.charAt(at) === 'x' ? 'y' : 'x';
      expect(openNote(NOTE.slice(0, at) + other + NOTE.slice(at + 1), known)).toHaveProperty('fault');
    }
  });

  it('does not open with a wrong signature of a known key, whatever else has signed it', () => {
    const other = newKey('other');
    const wrong = peter.signatureLine('another text\n');
    const note = `${TEXT}\n${SIGNATURE}${wrong}${other.signatureLine(TEXT)}`;
    expect(openNote(note, [other.verifier, ...known])).toEqual({
      fault: 'the signature of PeterNeumann+c74f20a3 does not match the note',
    });
    expect(openNote(note, [other.verifier])).toEqual({ text: TEXT, verifiedBy: [other.verifier] });
  });

  it('is not opened by another key of the same name, nor by the same key under another name', () => {
    const impostor = newKey('PeterNeumann');
    expect(openNote(signNote(TEXT, [impostor]), known)).toHaveProperty('fault');
    const renamed = { ...peter.verifier, name: 'Peter' };
    expect(openNote(NOTE, [renamed])).toHaveProperty('fault');
  });

  it.each([
    ['without a signature', `${TEXT}\n`],
    ['without an empty line', `${TEXT}${SIGNATURE}`],
    ['with a signature that is no base64', NOTE.replace('x08go', '!!!!!')],
    ['with a signature without its padding', NOTE.replace('=\n', '\n')],
    ['with a signature that is a key id only', `${TEXT}\n\u2014 PeterNeumann x08gow==\n`],
    ['with a hyphen instead of a dash', NOTE.replace('\u2014', '-')],
    ['with too many signatures', `${TEXT}\n${SIGNATURE.repeat(101)}`],
    ['that is empty', ''],
  ])('%s does not open', (_, note) => {
    expect(openNote(note, known)).toHaveProperty('fault');
  });

  it.each(['', 'no newline', 'a\ttab\n'])('cannot be made of %j', (text) => {
    expect(() => signNote(text, [peter])).toThrow(SigningKeyError);
  });

  it('cannot be made without a key', () => {
    expect(() => signNote(TEXT, [])).toThrow(SigningKeyError);
  });
});

describe('keys', () => {
  it('are read from PEM, with its lines divided in either way', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const key = signingKeyFromPem('a', pem);
    expect(signingKeyFromPem('a', pem.trim().replaceAll('\n', '\\n')).verifier.text).toBe(key.verifier.text);
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(verifierKeyFromPem('a', publicPem).text).toBe(key.verifier.text);
    expect(key.verifier.pem).toBe(publicPem);
  });

  it('of another kind are refused, and the message does not show them', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => signingKeyFromPem('a', pem)).toThrow('only Ed25519');
    expect(() => signingKeyFromPem('a', 'a secret')).toThrow('a: this is no private key in PEM (PKCS #8)');
    expect(() => verifierKeyFromPem('a', 'no key')).toThrow('no public key in PEM');
  });

  it.each(['', 'a b', 'a+b', 'a\n', 'é', 'x'.repeat(256)])('have no name like %j', (name) => {
    const pem = peter.verifier.pem;
    expect(() => verifierKeyFromPem(name, pem)).toThrow('key name');
  });
});
