import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  CheckpointTarget,
  type PublicationConflict,
  type PublishedCheckpoint,
} from '../../application/publishing/checkpoint-target.port.js';

const LATEST = 'latest.txt';
const READABLE_BY_ALL = 0o644;
const NAME_BYTES = 8;

/**
 * A directory with one file a checkpoint, `<tree size>.txt`, and the newest as `latest.txt`. Files appear whole or
 * not at all, and one that is there is never overwritten.
 */
export class CheckpointDirectory extends CheckpointTarget {
  override readonly kind = 'directory';
  override readonly name: string;
  private readonly path: string;

  constructor(directory: string) {
    super();
    this.path = resolve(directory);
    this.name = `directory ${this.path}`;
  }

  override async publish(checkpoint: PublishedCheckpoint): Promise<PublicationConflict | undefined> {
    const { treeSize, note } = checkpoint;
    await mkdir(this.path, { recursive: true });
    const file = join(this.path, `${treeSize}.txt`);
    const temporary = await this.written(note);
    try {
      if (!(await linked(temporary, file)) && (await readFile(file, 'utf8')) !== note) {
        return { kind: 'conflict', reason: `${file} holds another checkpoint of size ${treeSize}` };
      }
      await rename(temporary, join(this.path, LATEST));
      await this.synced();
      return undefined;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  override async newest(): Promise<string | undefined> {
    try {
      return await readFile(join(this.path, LATEST), 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** A new file with the text, on the disk before anything points to it. */
  private async written(text: string): Promise<string> {
    const temporary = join(this.path, `.${randomBytes(NAME_BYTES).toString('hex')}`);
    const file = await open(temporary, 'wx', READABLE_BY_ALL);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    return temporary;
  }

  /** So that the names outlive a power cut too. */
  private async synced(): Promise<void> {
    const directory = await open(this.path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

/** False: the name is taken. A rename would overwrite what is there. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
