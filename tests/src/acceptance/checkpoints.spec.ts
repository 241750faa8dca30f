import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@steelyard/domain/result';
import { readDocument } from '@steelyard/domain/sealing';
import type { Pool } from '@steelyard/platform/postgres';
import { parseVerifierKey, verifySignedDocument, type VerifierKey } from '@steelyard/platform/signing';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { runCli } from '../real-data/steelyard-cli.js';
import { patientPool } from '../support/patient-pool.js';
import { RestCaller, textIn } from '../support/rest-caller.js';

type Json = Readonly<Record<string, unknown>>;

const database = useDatabase();
let platform: RunningPlatform | undefined;
let superuser: Pool | undefined;
let directory = '';
let alice: RestCaller;
let bob: RestCaller;
let operator: RestCaller;
let auditor: RestCaller;

const running = (): RunningPlatform => {
  if (platform === undefined) throw new Error('the platform runs only while tests run');
  return platform;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'steelyard-checkpoints-'));
  platform = await startPlatform({
    apps: ['balance', 'ledger', 'gateway'],
    env: {
      DATABASE_URL: database.url,
      DATA_DIR: join(directory, 'data'),
      LOG_LEVEL: 'warn',
      LEDGER_SEAL_INTERVAL_MS: '100',
      LEDGER_SEAL_VERIFY_INTERVAL_MS: '100',
      LEDGER_CHECKPOINT_DIR: join(directory, 'checkpoints'),
    },
  });
  superuser = patientPool(database.url, 'vandal', 1);
  const as = async (roles: readonly ('operator' | 'auditor')[], subject: string) =>
    new RestCaller(running().apiUrl, `Bearer ${await running().token(roles, subject)}`);
  [alice, bob] = [await as([], 'alice'), await as([], 'bob')];
  [operator, auditor] = [await as(['operator'], 'olga'), await as(['auditor'], 'otto')];
});

afterAll(async () => {
  await superuser?.end();
  await platform?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What comes of verifying a document with public keys alone. */
function verified(json: Json, keys: readonly VerifierKey[]): string {
  const document = readDocument(json);
  if (isRefusal(document)) return document.message;
  const result = verifySignedDocument(document, keys);
  return 'fault' in result ? result.fault : 'verified';
}

describe('checkpoints over REST', () => {
  let entryId = '';

  it('follow what is posted, and are written outside of the database', async () => {
    for (const account of ['alice', 'bob']) {
      await operator.must('POST', `/api/accounts/${account}/deposit`, { amount: 1_000, source: 'CARD' });
    }
    await operator.must('POST', '/api/transfers', { from: 'alice', to: 'bob', amount: 7, reason: 'tea' });
    const [entry] = await entriesOf('alice');
    entryId = textIn(entry ?? {}, 'entryId');
    await eventually(async () => (await prove(alice)).status === 200);
    const latest = await alice.must('GET', '/api/ledger/checkpoints/latest');
    expect(latest).toMatchObject({ entries: 6, facts: expect.any(Number) });
    await eventually(async () => (await published()) === latest['note']);
    const list = await alice.must('GET', '/api/ledger/checkpoints?limit=1');
    expect(list['checkpoints']).toEqual([latest]);
    await eventually(async () => {
      const status = await auditor.must('GET', '/api/ledger/status');
      return status['checkpoint'] !== null && status['sealsVerifiedUpTo'] !== null;
    });
  });

  it('are proved by documents that can be verified with nothing but the key', async () => {
    const keys = await keysOf(alice);
    const { json } = await prove(alice);
    expect(Object.keys(json)).toEqual(['format', 'entry', 'proof']);
    expect(json['entry']).toEqual((await entriesOf('alice'))[0]);
    expect(verified(json, keys)).toBe('verified');
    await operator.must('POST', '/api/transfers', { from: 'bob', to: 'alice', amount: 1 });
    await eventually(async () => (await sizeNow()) > 1);
    const consistency = await alice.must('GET', '/api/ledger/consistency?from=1');
    expect(verified(consistency, keys)).toBe('verified');
    const forged = { ...json, entry: { ...(json['entry'] as object), amount: 8 } };
    expect(verified(forged, keys)).not.toBe('verified');
  });

  it('are for every caller, proofs of entries for who may read the account, and verification for auditors', async () => {
    const anyone = new RestCaller(running().apiUrl, '');
    const status = async (caller: RestCaller, path: string) => (await caller.get(path)).status;
    for (const path of ['/api/ledger/checkpoints', '/api/ledger/consistency?from=1', '/api/ledger/keys']) {
      expect([await status(anyone, path), await status(bob, path)]).toEqual([401, 200]);
    }
    expect((await prove(bob)).json).toMatchObject({ status: 403, error: 'FORBIDDEN' });
    expect((await prove(auditor)).status).toBe(200);
    expect((await bob.post('/api/ledger/verify-seals', {}, null)).status).toBe(403);
    const verification = await auditor.post('/api/ledger/verify-seals', {}, null);
    expect(verification.json).toMatchObject({ valid: true, faults: [], nextCursor: null });
  });

  it.each([
    ['/api/ledger/checkpoints/99999', 404, 'CHECKPOINT_NOT_FOUND'],
    ['/api/ledger/checkpoints/first', 400, 'INVALID_REQUEST'],
    ['/api/ledger/checkpoints?cursor=made-up', 400, 'INVALID_CURSOR'],
    ['/api/ledger/entries/0192a7c4-1f00-7003-8000-000000000101/proof', 404, 'ENTRY_NOT_FOUND'],
    ['/api/ledger/entries/0192a7c4-1f00-7003-8000-000000000100/proof', 400, 'INVALID_REQUEST'],
    ['/api/ledger/entries/nonsense/proof', 400, 'INVALID_REQUEST'],
    ['/api/ledger/consistency?from=99999', 400, 'INVALID_REQUEST'],
    ['/api/ledger/consistency', 400, 'INVALID_REQUEST'],
  ])('refuse %s with %d %s', async (path, status, error) => {
    expect((await auditor.get(path)).json).toMatchObject({ status, error });
  });

  it('let the command line say whether the ledger still agrees, and find who changed it', async () => {
    const file = join(directory, 'kept.txt');
    await writeFile(file, (await published()) ?? '');
    const token = await running().token(['auditor'], 'otto');
    const verify = () => runCli(running().apiUrl, token, ['verify-seals', '--checkpoint', file]);
    const before = await verify();
    expect(before).toMatchObject({ exitCode: 0 });
    expect(before.output).toMatch(
      /every seal agrees with the ledger\nand the ledger continues your checkpoint/,
    );
    await superuser?.query(
      `update ledger.entries set checksum = sha256(checksum) where account_id = 'alice' and sequence = 2`,
    );
    const after = await verify();
    expect(after).toMatchObject({ exitCode: 1 });
    expect(after.errors).toMatch(
      /account alice, sequence 2 \(entry [0-9a-f-]{36}\): the entry is not the one/,
    );
    expect((await prove(auditor)).json).toMatchObject({ status: 409, error: 'INTEGRITY_FAILURE' });
  });

  function prove(caller: RestCaller) {
    return caller.get(`/api/ledger/entries/${entryId}/proof`);
  }

  async function published(): Promise<string | undefined> {
    return readFile(join(directory, 'checkpoints', 'latest.txt'), 'utf8').catch(() => undefined);
  }

  async function sizeNow(): Promise<number> {
    return Number((await alice.must('GET', '/api/ledger/checkpoints/latest'))['treeSize']);
  }

  async function entriesOf(account: string): Promise<readonly Json[]> {
    const { entries } = await operator.must('GET', `/api/accounts/${account}/ledger`);
    return entries as readonly Json[];
  }

  async function keysOf(caller: RestCaller) {
    const { keys } = await caller.must('GET', '/api/ledger/keys');
    return (keys as readonly Json[]).map((key) => parseVerifierKey(textIn(key, 'verifierKey')));
  }
});
