import { fromHex, HASH_BYTES, toHex } from '../merkle/index.js';
import { invariant } from '../result/index.js';
import { fromBase64, toBase64 } from './base64.js';
import { isKeyName, isTime } from './forms.js';

/** What is signed of the log: C2SP tlog-checkpoint, with one extension line that holds the time. */
export interface CheckpointBody {
  /** The log's name; its signing keys bear the same. */
  readonly origin: string;
  /** Seals under it. */
  readonly treeSize: bigint;
  /** Lower-case hex. */
  readonly rootHash: string;
  /** ISO 8601 UTC in milliseconds. */
  readonly sealedAt: string;
}

const TREE_SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const SEALED_AT = 'sealedAt ';
const EM_DASH = '\u2014';

/** The text that is signed; it ends with a newline. */
export function checkpointText({ origin, treeSize, rootHash, sealedAt }: CheckpointBody): string {
  const root = fromHex(rootHash);
  invariant(
    isKeyName(origin) && root !== undefined && isTime(sealedAt),
    'a checkpoint has well-formed members',
  );
  return `${origin}\n${treeSize}\n${toBase64(root)}\n${SEALED_AT}${sealedAt}\n`;
}

/** Reads what {@link checkpointText} wrote; undefined for every other text. */
export function parseCheckpointText(text: string): CheckpointBody | undefined {
  const [origin, size = '', rootText = '', time = '', end, ...more] = text.split('\n');
  const root = fromBase64(rootText);
  const sealedAt = time.startsWith(SEALED_AT) ? time.slice(SEALED_AT.length) : '';
  if (end !== '' || more.length > 0 || !isKeyName(origin) || !TREE_SIZE.test(size)) return undefined;
  if (root?.length !== HASH_BYTES || !isTime(sealedAt)) return undefined;
  return { origin, treeSize: BigInt(size), rootHash: toHex(root), sealedAt };
}

/**
 * Divides a signed note (C2SP signed-note) at its last empty line: the text that is signed, with its last newline,
 * and the signature lines. Undefined when it is no note. Says nothing about the signatures.
 */
export function divideNote(note: string): { text: string; signatureLines: string[] } | undefined {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n') || hasControlCharacters(note)) return undefined;
  const signatureLines = note.slice(at + 2, -1).split('\n');
  if (!signatureLines.every((line) => line.startsWith(`${EM_DASH} `))) return undefined;
  return { text: note.slice(0, at + 1), signatureLines };
}

function hasControlCharacters(note: string): boolean {
  for (let i = 0; i < note.length; i++) {
    const code = note.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}
