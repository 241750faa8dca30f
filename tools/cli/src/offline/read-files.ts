import { readFile } from 'node:fs/promises';
import { isRefusal } from '@steelyard/domain/result';
import { readDocument, type ProofDocument } from '@steelyard/domain/sealing';
import { usageError } from '../cli-error.js';
import { repeatedMember } from './repeated-member.js';

/** A document, or why it is none that could be verified. */
export type ReadDocument = ProofDocument | { readonly fault: string };

/** The text of a file, exactly. Throws a usage error when it cannot be read or is not UTF-8. */
export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch {
    throw usageError(`${what} ${path} cannot be read as UTF-8 text`);
  }
}

/** Reads a document; throws a usage error when the file is no JSON. */
export async function readDocumentFile(path: string): Promise<ReadDocument> {
  const text = await readTextFile(path, 'the file');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw usageError(`${path} is no JSON`);
  }
  const repeated = repeatedMember(text);
  if (repeated !== undefined) return { fault: `an object has the member ${repeated} twice` };
  const document = readDocument(value);
  return isRefusal(document) ? { fault: document.message } : document;
}
