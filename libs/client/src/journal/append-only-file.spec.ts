import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppendOnlyFile } from './append-only-file.js';
import { encodeLine } from './journal-line.js';

describe('AppendOnlyFile', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steelyard-lines-'));
    path = join(directory, 'lines');
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function reopened(): Promise<{ values: readonly unknown[]; damaged: readonly string[] }> {
    const { file, values, damaged } = await AppendOnlyFile.open(path);
    await file.close();
    return { values, damaged };
  }

  it('gives back what was appended, in order', async () => {
    const { file } = await AppendOnlyFile.open(path);
    await Promise.all([file.append([{ n: 1 }, { n: 2 }]), file.append([{ n: 3 }]), file.append([{ n: 4 }])]);
    await file.close();
    expect((await reopened()).values).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
  });

  it('has the lines on the disk when it says so', async () => {
    const { file } = await AppendOnlyFile.open(path);
    await file.append([{ n: 1 }], () => undefined);
    expect(await readFile(path, 'utf8')).toBe(encodeLine({ n: 1 }));
    await file.close();
  });

  it('drops a torn last line, wherever it was torn, and goes on behind the last whole one', async () => {
    const whole = encodeLine({ n: 1 });
    const last = encodeLine({ n: 2 });
    for (let length = 0; length < last.length; length++) {
      await writeFile(path, whole + last.slice(0, length));
      const { file, values, damaged } = await AppendOnlyFile.open(path);
      expect([values, damaged]).toEqual([[{ n: 1 }], []]);
      await file.append([{ n: 3 }]);
      await file.close();
      expect((await reopened()).values).toEqual([{ n: 1 }, { n: 3 }]);
    }
  });

  it('reports a damaged line in the middle and keeps the others', async () => {
    await writeFile(
      path,
      encodeLine({ n: 1 }) + encodeLine({ n: 2 }).replace('2', '7') + encodeLine({ n: 3 }),
    );
    const { values, damaged } = await reopened();
    expect(values).toEqual([{ n: 1 }, { n: 3 }]);
    expect(damaged).toHaveLength(1);
  });

  it('replaces its content, with nothing lost that was appended around it', async () => {
    const { file } = await AppendOnlyFile.open(path);
    const written: object[] = [];
    const append = (value: object): Promise<void> => file.append([value], () => written.push(value));
    await append({ n: 1 });
    const before = append({ n: 2 });
    const replaced = file.replace(() => written.slice(1));
    const after = append({ n: 3 });
    await Promise.all([before, replaced, after]);
    await file.close();
    expect((await reopened()).values).toEqual([{ n: 2 }, { n: 3 }]);
  });

  it('is not stopped by what a crash in the middle of a replacement left behind', async () => {
    await writeFile(`${path}.new`, 'half a li');
    await appendFile(path, encodeLine({ n: 1 }));
    const { file } = await AppendOnlyFile.open(path);
    await file.replace(() => [{ n: 9 }]);
    await file.close();
    expect((await reopened()).values).toEqual([{ n: 9 }]);
  });
});
