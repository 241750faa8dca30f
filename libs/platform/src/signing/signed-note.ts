import { verify } from 'node:crypto';
import { divideNote } from '@steelyard/domain/sealing';
import type { SigningKey } from './signing-key.js';
import { SigningKeyError, type VerifierKey } from './verifier-key.js';

/** More is no note of ours: it keeps hostile notes from costing much. The standard asks for at least 16. */
const SIGNATURES_MAX = 100;
const KEY_ID_BYTES = 4;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

/** A note that a known key has signed. */
export interface OpenedNote {
  /** What was signed, with its last newline. */
  readonly text: string;
  /** The known keys that signed it, at least one. */
  readonly verifiedBy: readonly VerifierKey[];
}

/** Why a note must not be believed. */
export interface NoteFault {
  readonly fault: string;
}

/**
 * Signs a text (C2SP signed-note) with every key, in this order: during a rotation with the old one and the new
 * one. The text must end with a newline. Throws {@link SigningKeyError} when it cannot be a note's text.
 */
export function signNote(text: string, keys: readonly SigningKey[]): string {
  const note = `${text}\n${keys.map((key) => key.signatureLine(text)).join('')}`;
  if (divideNote(note)?.text !== text)
    throw new SigningKeyError('only plain lines can be signed, by one key or more');
  return note;
}

/**
 * Verifies a note against known keys. At least one of them must have signed it; signatures of other keys are
 * ignored, a wrong one of a known key is a fault even beside a right one.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote | NoteFault {
  const divided = divideNote(note);
  if (divided === undefined) return { fault: 'this is no signed note' };
  const { text, signatureLines } = divided;
  if (signatureLines.length > SIGNATURES_MAX)
    return { fault: `the note has more than ${SIGNATURES_MAX} signatures` };
  const verifiedBy = new Set<VerifierKey>();
  for (const line of signatureLines) {
    const signature = readSignature(line);
    if (signature === undefined) return { fault: 'a signature line of the note is malformed' };
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), key.publicKey, signature.bytes)) {
      return { fault: `the signature of ${key.name}+${key.keyId} does not match the note` };
    }
    verifiedBy.add(key);
  }
  if (verifiedBy.size === 0) return { fault: 'no known key has signed the note' };
  return { text, verifiedBy: [...verifiedBy] };
}

function readSignature(line: string): { name: string; keyId: string; bytes: Buffer } | undefined {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== encoded) return undefined;
  return {
    name,
    keyId: bytes.subarray(0, KEY_ID_BYTES).toString('hex'),
    bytes: bytes.subarray(KEY_ID_BYTES),
  };
}
