import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ArchiveSink } from '../../application/archive/archive-sink.port.js';
import { ImportRefusedError } from '../../application/archive/import-refusal.error.js';

/** Stands for standard output and standard input. */
const STANDARD_STREAM = '-';
const BUFFER_BYTES = 1024 * 1024;
/** A fact with 255 entries and metadata of 64 KiB is far below: a file without lines must not fill the memory. */
const LINE_LENGTH_MAX = 8 * 1024 * 1024;
/** An archive holds everything: nobody else needs to read it. */
const FILE_MODE = 0o600;

/** A file that gets its name when it is complete: what broke off must not look like an archive. */
export class ArchiveFile extends ArchiveSink {
  readonly #partial: string;
  readonly #stream: Writable;
  #failure: Error | undefined;

  constructor(private readonly path: string) {
    super();
    this.#partial = `${path}.partial`;
    this.#stream =
      path === STANDARD_STREAM
        ? process.stdout
        : createWriteStream(this.#partial, { highWaterMark: BUFFER_BYTES, mode: FILE_MODE, flush: true });
    this.#stream.on('error', (error: Error) => (this.#failure = error));
  }

  override async write(text: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#stream.write(text)) await once(this.#stream, 'drain');
  }

  /** Resolves when the file is on disk under its name. */
  async complete(): Promise<void> {
    if (this.path === STANDARD_STREAM) return;
    this.#stream.end();
    await finished(this.#stream);
    await rename(this.#partial, this.path);
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    if (this.path === STANDARD_STREAM) return;
    this.#stream.end();
    await finished(this.#stream).catch(() => undefined);
    await rm(this.#partial, { force: true });
  }
}

/**
 * The lines of a file, one by one. Not by node:readline: that takes U+2028 for the end of a line, too.
 *
 * @throws ImportRefusedError for what is no text of lines.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  const input =
    path === STANDARD_STREAM ? process.stdin : createReadStream(path, { highWaterMark: BUFFER_BYTES });
  input.setEncoding('utf8');
  let rest = '';
  let line = 0;
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line += 1;
      yield text;
    }
    if (rest.length <= LINE_LENGTH_MAX) continue;
    throw new ImportRefusedError(`it is longer than ${LINE_LENGTH_MAX} characters`, line + 1);
  }
  if (rest !== '') yield rest;
}
