import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeLine, encodeLine } from './journal-line.js';

const PRIVATE = 0o600;
const LINE_FEED = 0x0a;

/** What a file says when it is opened. */
export interface OpenedFile {
  readonly file: AppendOnlyFile;
  /** Of the lines that are whole, in order. */
  readonly values: readonly unknown[];
  /** Whole lines that are damaged: not what a crash leaves behind, but what a disk or a person does. */
  readonly damaged: readonly string[];
}

interface Waiting {
  readonly bytes: Buffer;
  readonly written: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Checksummed lines, each on the disk before its writer goes on. Lines that come while others are being written
 * share one write and one sync. The torn last line of a crash is cut off when the file is opened.
 */
export class AppendOnlyFile {
  #waiting: Waiting[] = [];
  #work: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private handle: FileHandle,
    private size: number,
  ) {}

  static async open(path: string): Promise<OpenedFile> {
    const handle = await open(path, 'a+', PRIVATE);
    try {
      const bytes = await readFile(handle);
      const size = bytes.lastIndexOf(LINE_FEED) + 1;
      if (size < bytes.length) await handle.truncate(size);
      await handle.sync();
      await syncDirectory(path);
      const lines = bytes.subarray(0, size).toString('utf8').split('\n').slice(0, -1);
      const decoded = lines.map((line) => ({ line, value: decodeLine(line) }));
      return {
        file: new AppendOnlyFile(path, handle, size),
        values: decoded.flatMap(({ value }) => (value === undefined ? [] : [value])),
        damaged: decoded.flatMap(({ line, value }) => (value === undefined ? [line] : [])),
      };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get sizeBytes(): number {
    return this.size;
  }

  /**
   * Appends lines. They are on the disk when it returns; when it throws, none of them is in the file.
   *
   * @param written called when they are on the disk, before anything else is done to the file
   */
  append(values: readonly object[], written: () => void = () => undefined): Promise<void> {
    const bytes = Buffer.from(values.map(encodeLine).join(''));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, written, resolve, reject });
      if (this.#waiting.length === 1) void this.#inTurn(() => this.#writeWaiting());
    });
  }

  /** Replaces the whole file: a crash leaves the old one or the new one. */
  replace(values: () => readonly object[]): Promise<void> {
    return this.#inTurn(async () => {
      const bytes = Buffer.from(values().map(encodeLine).join(''));
      const temporary = `${this.path}.new`;
      const next = await open(temporary, 'w', PRIVATE);
      try {
        await next.writeFile(bytes);
        await next.sync();
        await rename(temporary, this.path);
        await syncDirectory(this.path);
      } finally {
        await next.close();
      }
      const previous = this.handle;
      this.handle = await open(this.path, 'a+', PRIVATE);
      this.size = bytes.length;
      await previous.close();
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.handle.close());
  }

  /** One after the other; what fails does not stop what comes after it. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  async #writeWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const bytes = Buffer.concat(waiting.map((lines) => lines.bytes));
    try {
      await this.handle.appendFile(bytes);
      await this.handle.datasync();
      this.size += bytes.length;
      for (const { written, resolve } of waiting) {
        written();
        resolve();
      }
    } catch (error) {
      // Half a line in the middle of the file would spoil the next one.
      await this.handle.truncate(this.size).catch(() => undefined);
      for (const { reject } of waiting) reject(error);
    }
  }
}

/** A new name is safe when the directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
