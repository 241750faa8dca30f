import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeRecord, encodeRecord, type TableRecord } from './table-record.js';

/** One table on the disk. What was saved survives a crash of the process and of the machine. */
export class TableFile {
  constructor(private readonly path: string) {}

  async load(): Promise<TableRecord> {
    try {
      return decodeRecord(await readFile(this.path, 'utf8'));
    } catch (error) {
      throw new Error(`the table in ${this.path} cannot be read; restore it before starting`, {
        cause: error,
      });
    }
  }

  /** All or nothing: the old record stays until the new one is on the disk. */
  async save(record: TableRecord): Promise<void> {
    const written = `${this.path}.new`;
    const file = await open(written, 'w');
    try {
      await file.writeFile(encodeRecord(record));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(written, this.path);
    await syncDirectory(dirname(this.path));
  }
}

/** The new name of a file is durable when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
