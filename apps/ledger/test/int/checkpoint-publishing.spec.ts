import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { SealingUseCases } from '../../src/sealing.composition.js';
import { granted } from '../support/granted.js';
import { sealAll, useSealing, type SealingSuite } from '../support/use-sealing.js';

/** The longest that a receiver may take: one that answers does so in time, also on a machine that stood still. */
const PATIENT = { LEDGER_CHECKPOINT_TIMEOUT_MS: '15000' };

/** As the job does it. */
async function run(suite: SealingSuite, ledger: SealingUseCases) {
  await ledger.publish.register();
  await sealAll(ledger);
  return ledger.publish.execute();
}

async function post(suite: SealingSuite): Promise<void> {
  suite.builder.deposit('alice', 1n);
  await suite.builder.flush();
}

describe('checkpoints in a directory', () => {
  const suite = useSealing();
  const place = (): string => join(suite.directory, 'checkpoints');
  const start = (): Promise<SealingUseCases> => suite.process({ LEDGER_CHECKPOINT_DIR: place() });
  const read = (name: string): Promise<string> => readFile(join(place(), name), 'utf8');

  it('are written one file each, and the newest as latest.txt', async () => {
    const ledger = await start();
    expect(await run(suite, ledger)).toMatchObject([{ published: 0, conflict: undefined }]);
    for (let index = 0; index < 3; index += 1) {
      await post(suite);
      expect(await run(suite, ledger)).toMatchObject([{ published: 1, conflict: undefined }]);
    }
    const { checkpoint } = await granted(ledger.checkpoints.get(3n));
    expect((await readdir(place())).sort()).toEqual(['1.txt', '2.txt', '3.txt', 'latest.txt']);
    expect([await read('3.txt'), await read('latest.txt')]).toEqual([checkpoint.note, checkpoint.note]);
  });

  it('follow when the process died between seal and publication, in order and whoever does it', async () => {
    const ledger = await start();
    await post(suite);
    await sealAll(ledger);
    await post(suite);
    await sealAll(ledger);
    const processes = await Promise.all([1, 2, 3].map(start));
    const publications = await Promise.all(processes.map(({ publish }) => publish.execute()));
    const published = publications.flat().reduce((sum, one) => sum + one.published, 0);
    expect(published).toBe(2);
    expect(await read('latest.txt')).toBe(await read('5.txt'));
  });

  it('are the same again when only the record of it was lost', async () => {
    await suite.sql('update ledger.checkpoint_publications set tree_size = 3');
    expect(await run(suite, await start())).toMatchObject([{ published: 2, conflict: undefined }]);
    expect(await read('latest.txt')).toBe(await read('5.txt'));
  });

  it('are not overwritten by others: that is a conflict', async () => {
    await post(suite);
    await writeFile(join(place(), '6.txt'), 'another log\n');
    expect(await run(suite, await start())).toMatchObject([
      { published: 0, conflict: expect.stringMatching(/6\.txt holds another checkpoint of size 6/) },
    ]);
    expect(await read('6.txt')).toBe('another log\n');
    await rm(join(place(), '6.txt'));
    expect(await run(suite, await start())).toMatchObject([{ published: 1, conflict: undefined }]);
  });

  it('contradict a ledger that was set back', async () => {
    await suite.sql(`
      delete from ledger.seals where seal > 4;
      delete from ledger.seal_buckets where seal > 4;
      delete from ledger.seal_nodes where index * (2 ^ level) + (2 ^ level) > 4;
      update ledger.sealing as log
      set seals = 4, facts = total_facts, entries = total_entries, previous_leaf_hash = leaf_hash
      from ledger.seals where seal = 4`);
    const ledger = await start();
    expect(await ledger.publish.execute()).toMatchObject([
      { conflict: expect.stringMatching(/has a checkpoint of size 6, the ledger's log has only 4/) },
    ]);
    suite.clock.advance(1_000);
    await post(suite);
    await sealAll(ledger);
    await post(suite);
    expect(await run(suite, ledger)).toMatchObject([
      { conflict: expect.stringMatching(/has another checkpoint of size 6 than the ledger/) },
    ]);
  });
});

describe('checkpoints at an address', () => {
  const suite = useSealing();
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it('are posted until they are accepted, one after the other', async () => {
    const received: string[] = [];
    const answers = [500, 302, 201, 200];
    const url = await receive(async (request) => {
      received.push(
        `${request.method} ${String(request.headers['x-checkpoint-tree-size'])} ${await text(request)}`,
      );
      return answers.shift() ?? 200;
    });
    const ledger = await suite.process({ LEDGER_CHECKPOINT_URL: url, ...PATIENT });
    await post(suite);
    expect(await run(suite, ledger)).toMatchObject([{ published: 0, failure: expect.any(Error) }]);
    await post(suite);
    expect(await run(suite, ledger)).toMatchObject([{ published: 0, failure: expect.any(Error) }]);
    expect(await run(suite, ledger)).toMatchObject([{ published: 2, failure: undefined }]);
    expect(await run(suite, ledger)).toMatchObject([{ published: 0, failure: undefined }]);
    const { checkpoints } = await granted(ledger.checkpoints.list({ limit: 0, cursor: '' }));
    const [second, first] = checkpoints.map(({ note }) => note);
    expect(received).toEqual([`POST 1 ${first}`, `POST 1 ${first}`, `POST 1 ${first}`, `POST 2 ${second}`]);
  });

  it('are put where the address has a place for the size', async () => {
    const paths: string[] = [];
    const url = await receive((request) => {
      paths.push(`${request.method} ${request.url}`);
      return Promise.resolve(204);
    });
    const ledger = await suite.process({
      LEDGER_CHECKPOINT_URL: `${url}/log/{treeSize}.txt?sig=s3cret`,
      ...PATIENT,
    });
    expect(await run(suite, ledger)).toMatchObject([{ published: 1 }]);
    expect(paths).toEqual(['PUT /log/2.txt?sig=s3cret']);
    const targets = await suite.sql<{ target: string }>('select target from ledger.checkpoint_publications');
    expect(targets.some(({ target }) => target.includes('s3cret'))).toBe(false);
  });

  it('do not wait for a receiver that says nothing, nor do other places wait for it', async () => {
    const url = await receive(() => new Promise(() => undefined));
    const directory = join(suite.directory, 'beside');
    await mkdir(directory);
    const ledger = await suite.process({
      LEDGER_CHECKPOINT_URL: url,
      LEDGER_CHECKPOINT_TIMEOUT_MS: '100',
      LEDGER_CHECKPOINT_DIR: directory,
    });
    await post(suite);
    expect(await run(suite, ledger)).toMatchObject([
      { published: 2, failure: undefined },
      { published: 0, failure: expect.any(Error) },
    ]);
  });

  async function receive(answer: (request: IncomingMessage) => Promise<number>): Promise<string> {
    const created = createServer((request, response) => {
      void answer(request).then((status) => {
        response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
      });
    });
    server = created;
    await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
    const { port } = created.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }
});
