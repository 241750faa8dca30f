import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  grpcTransport,
  JournalLockedError,
  migratingClient,
  SteelyardClient,
  SteelyardUnavailableError,
  type Discrepancy,
  type MigratingClient,
  type PermissiveSettings,
} from '@steelyard/client';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { eventually } from '@steelyard/testing/wait';
import { decodeLine, encodeLine } from '../src/journal/journal-line.js';
import { grantDeposit, refuse, ScriptedService } from './support/scripted-service.js';

const MANUAL = { replayAfterMs: 3_600_000, replayAfterMaxMs: 3_600_000 };

describe('a permissive client', () => {
  let service: ScriptedService;
  let directory: string;
  let discrepancies: Discrepancy[];
  const clients: MigratingClient[] = [];

  beforeEach(async () => {
    service = await ScriptedService.start();
    directory = await mkdtemp(join(tmpdir(), 'steelyard-permissive-'));
    discrepancies = [];
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    service.stop();
    await rm(directory, { recursive: true });
  });

  async function open(settings: Partial<PermissiveSettings> = MANUAL): Promise<MigratingClient> {
    const transport = grpcTransport({ address: service.address });
    const circuit = { failuresToOpen: 1_000 };
    // An answer that comes is in time, also on a machine that stood still.
    const patience = { attemptTimeoutMs: 60_000, deadlineMs: 120_000 };
    const steelyard = new SteelyardClient({ transport, attemptsMax: 1, ...patience, circuit });
    const onDiscrepancy = (found: Discrepancy): void => void discrepancies.push(found);
    const client = await migratingClient({
      mode: 'permissive',
      steelyard,
      journal: { directory, onDiscrepancy, ...settings },
    });
    clients.push(client);
    return client;
  }

  async function reopen(settings: Partial<PermissiveSettings> = MANUAL): Promise<MigratingClient> {
    await clients.pop()?.close();
    return open(settings);
  }

  /** Starts the service again and waits until the client has its connection back. */
  async function back(client: MigratingClient): Promise<void> {
    await service.resume();
    const isThere = async (): Promise<boolean> => {
      const outcome: unknown = await client.accounts.balance('alice').catch((error: unknown) => error);
      // The scripted service has no reads, and it takes a connection to find that out.
      return !(outcome instanceof SteelyardUnavailableError);
    };
    await eventually(isThere);
  }

  const deposit = (client: MigratingClient, key: string, accountId = 'alice') =>
    client.accounts.deposit({ accountId, amount: 5n }, { idempotencyKey: key });

  it('answers as the service does while it is there, and journals nothing', async () => {
    const client = await open();
    expect(await deposit(client, 'a')).toMatchObject({ ok: true, value: { balanceAfter: 5n } });
    expect(client.journal?.pending).toBe(0);
  });

  it('lets the caller go on while the service is away', async () => {
    service.stop();
    const client = await open();
    expect(await deposit(client, 'a')).toEqual({ ok: true, journalled: true, idempotencyKey: 'a' });
    expect(client.journal?.pending).toBe(1);
  });

  it('replays under the same keys, in order, when the service is back', async () => {
    service.stop();
    const client = await open();
    for (const key of ['a', 'b', 'c']) await deposit(client, key);
    await back(client);
    expect(await client.journal?.replay()).toEqual({ replayed: 3, discrepancies: 0, pending: 0 });
    expect(service.keys).toEqual(['a', 'b', 'c']);
  });

  it('replays by itself', async () => {
    service.stop();
    const client = await open({ replayAfterMs: 20, replayAfterMaxMs: 20 });
    await deposit(client, 'a');
    await back(client);
    await eventually(() => client.journal?.pending === 0);
    expect(service.keys).toEqual(['a']);
  });

  it('still has everything when the process comes back', async () => {
    service.stop();
    await deposit(await open(), 'a');
    const client = await reopen();
    await back(client);
    expect(await client.journal?.replay()).toMatchObject({ replayed: 1 });
    expect(service.keys).toEqual(['a']);
  });

  it('keeps the order of an account: what comes later waits behind what waits', async () => {
    service.stop();
    const client = await open();
    await deposit(client, 'a');
    await back(client);
    expect(await deposit(client, 'b')).toMatchObject({ journalled: true });
    expect(await deposit(client, 'other', 'bob')).toMatchObject({ ok: true, replayed: false });
    await client.journal?.replay();
    expect(service.keys).toEqual(['other', 'a', 'b']);
  });

  it('stops when the service goes away again, and goes on from there', async () => {
    service.stop();
    const client = await open();
    await client.accounts.open({ accountId: 'alice' }, { idempotencyKey: 'a' });
    await deposit(client, 'b');
    await back(client);
    service.next(refuse('INVALID_REQUEST'), 'unavailable');
    expect(await client.journal?.replay()).toMatchObject({ replayed: 1, pending: 1 });
    expect(await client.journal?.replay()).toMatchObject({ replayed: 1, pending: 0 });
    expect(service.keys).toEqual(['a', 'b', 'b']);
  });

  it('reports what the service refuses, and keeps it in a file', async () => {
    service.stop();
    const client = await open();
    await client.accounts.withdraw({ accountId: 'alice', amount: 7n }, { idempotencyKey: 'w' });
    await deposit(client, 'd');
    await back(client);
    service.next((command: balanceV1.Command) =>
      command.body?.$case === 'withdraw' ? refuse('INSUFFICIENT_BALANCE')() : grantDeposit(command),
    );
    expect(await client.journal?.replay()).toEqual({ replayed: 2, discrepancies: 1, pending: 0 });
    expect(discrepancies).toMatchObject([
      {
        reason: 'refused',
        operation: { kind: 'withdraw', input: { accountId: 'alice', amount: 7n }, idempotencyKey: 'w' },
        refusal: { code: 'INSUFFICIENT_BALANCE' },
      },
    ]);
    expect(await readFile(join(directory, 'discrepancies.ndjson'), 'utf8')).toContain('INSUFFICIENT_BALANCE');
  });

  it('gives an outage of reads to the caller: nobody can make up a balance', async () => {
    service.stop();
    const client = await open();
    await expect(client.accounts.balance('alice')).rejects.toThrow(SteelyardUnavailableError);
  });

  it('journals the items of an independent batch, and throws for an atomic one', async () => {
    service.stop();
    const client = await open();
    const items = ['a', 'b'].map((idempotencyKey) => {
      return { kind: 'deposit', accountId: 'alice', amount: 5n, idempotencyKey } as const;
    });
    await expect(client.batch({ mode: 'atomic', items })).rejects.toThrow(SteelyardUnavailableError);
    expect(await client.batch({ mode: 'independent', items })).toMatchObject([
      { journalled: true, idempotencyKey: 'a' },
      { journalled: true, idempotencyKey: 'b' },
    ]);
    await back(client);
    await client.journal?.replay();
    expect(service.keys).toEqual(['a', 'b']);
  });

  it('throws when the journal is full', async () => {
    service.stop();
    const client = await open({ ...MANUAL, entriesMax: 2 });
    await deposit(client, 'a');
    await deposit(client, 'b');
    await expect(deposit(client, 'c')).rejects.toMatchObject({ reason: 'journal-full', idempotencyKey: 'c' });
  });

  it('has a journal for itself', async () => {
    await open();
    await expect(open()).rejects.toThrow(JournalLockedError);
  });

  it('refuses what could never be sent at once', async () => {
    service.stop();
    const client = await open();
    const result = await client.accounts.deposit({ accountId: 'alice', amount: 2n ** 53n });
    expect(result).toMatchObject({ ok: false, error: { code: 'AMOUNT_OUT_OF_RANGE', field: 'amount' } });
    expect(client.journal?.pending).toBe(0);
  });

  it('keeps everything when the service no longer accepts who we are', async () => {
    service.stop();
    const client = await open();
    await deposit(client, 'a');
    await back(client);
    service.next(refuse('UNAUTHENTICATED'));
    await expect(client.journal?.replay()).rejects.toThrow('cannot be replayed');
    expect(client.journal?.pending).toBe(1);
    expect(await client.journal?.replay()).toMatchObject({ replayed: 1, discrepancies: 0 });
  });

  it('gives up an operation whose answers are never understood, and goes on with the next', async () => {
    service.stop();
    const client = await open();
    await deposit(client, 'a');
    await deposit(client, 'b');
    await back(client);
    // Together, then by itself until it is given up.
    service.next('nonsense', 'nonsense', 'nonsense', 'nonsense', 'nonsense', 'nonsense');
    for (let i = 0; i < 4; i++)
      await expect(client.journal?.replay()).rejects.toThrow('answered with 0 outcomes');
    expect(await client.journal?.replay()).toEqual({ replayed: 2, discrepancies: 1, pending: 0 });
    expect(discrepancies).toMatchObject([{ reason: 'not-understood', operation: { idempotencyKey: 'a' } }]);
    expect(service.keys.at(-1)).toBe('b');
  });

  it('reports a damaged line of the journal once, and keeps it', async () => {
    service.stop();
    const client = await open();
    await deposit(client, 'a');
    await deposit(client, 'b');
    await clients.pop()?.close();
    const path = join(directory, 'journal.ndjson');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"a"', '"z"'));
    await reopen();
    await reopen();
    expect(discrepancies).toMatchObject([{ reason: 'damaged', line: expect.stringContaining('"z"') }]);
  });

  it('does not send what the service may have seen so long ago that it forgot the key', async () => {
    const day = 24 * 60 * 60 * 1_000;
    const entry = (id: number, sent: object) => {
      const input = { accountId: 'alice', amount: 5n };
      const times = { journalledAtMs: Date.now() - day, ...sent };
      return encodeLine({
        type: 'entry',
        entry: { id, kind: 'deposit', input, idempotencyKey: `k${id}`, ...times },
      });
    };
    const lines = entry(1, { sentAtMs: Date.now() - day }) + entry(2, {});
    await writeFile(join(directory, 'journal.ndjson'), lines);
    const client = await open();
    expect(await client.journal?.replay()).toEqual({ replayed: 2, discrepancies: 1, pending: 0 });
    expect(discrepancies).toMatchObject([{ reason: 'too-late', operation: { idempotencyKey: 'k1' } }]);
    // However old it is: the other cannot have been seen.
    expect(service.keys).toEqual(['k2']);
  });

  it('does not take a failed attempt to connect for having been seen', async () => {
    service.stop();
    const client = await open();
    await deposit(client, 'a');
    expect(await client.journal?.replay()).toEqual({ replayed: 0, discrepancies: 0, pending: 1 });
    await clients.pop()?.close();
    const journal = await readFile(join(directory, 'journal.ndjson'), 'utf8');
    const types = journal
      .trim()
      .split('\n')
      .map((line) => (decodeLine(line) as { type: string }).type);
    expect(types).toEqual(['entry', 'sent', 'unsent']);
  });
});
