import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { CliError, EXIT_USAGE, usageError } from '../cli-error.js';
import type { Hand } from './hand.js';
import { MalformedHand, parseHand } from './hand-parser.js';

// Hands are played table by table, so all of them are held in memory.
const FILE_BYTES_MAX = 256 * 1024 * 1024;
const DIGEST_LENGTH = 10;

/** A file of hands, read to its end. */
export interface HandFile {
  readonly hands: readonly Hand[];
  /** The same for the same content, whatever the file is called. */
  readonly digest: string;
}

/** Reads NDJSON with one hand a line. Throws a CliError that names the line when one of them is not a hand. */
export async function readHandFile(file: string): Promise<HandFile> {
  const bytes = await readBounded(file);
  const hands: Hand[] = [];
  const known = new Set<string>();
  for (const [index, line] of bytes.toString('utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const hand = parseLine(line, `${file} line ${index + 1}`);
    const name = `hand ${hand.handId} at ${hand.table}`;
    if (known.has(name)) throw usageError(`${file} line ${index + 1}: ${name} was there before`);
    known.add(name);
    hands.push(hand);
  }
  if (hands.length === 0) throw usageError(`${file} has no hands`);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, DIGEST_LENGTH);
  return { hands, digest };
}

function parseLine(line: string, where: string): Hand {
  try {
    return parseHand(line);
  } catch (error) {
    if (error instanceof MalformedHand) throw usageError(`${where}: ${error.message}`);
    throw error;
  }
}

async function readBounded(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size <= FILE_BYTES_MAX) return await readFile(file);
  } catch (cause) {
    throw new CliError(`cannot read ${file}: is the path right?`, { exitCode: EXIT_USAGE, cause });
  }
  throw usageError(`${file} is larger than ${FILE_BYTES_MAX} bytes: cut it into several files`);
}
