import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  grpcTransport,
  migratingClient,
  SteelyardClient,
  type Discrepancy,
  type ReplayReport,
} from '@steelyard/client';
import { eventually } from '@steelyard/testing/wait';
import { grantDeposit, ScriptedService } from './support/scripted-service.js';

/** It is to be killed in the middle. */
const SOON = { intervalMs: 2 };
const CHILD = fileURLToPath(new URL('support/journal-child.mjs', import.meta.url));

/** A process that uses the journal; `lines` is what it has printed. */
interface Child {
  readonly lines: readonly string[];
  kill9(): Promise<void>;
}

describe('a permissive client whose process is killed', () => {
  let service: ScriptedService;
  let directory: string;
  const children: Child[] = [];

  beforeEach(async () => {
    service = await ScriptedService.start();
    directory = await mkdtemp(join(tmpdir(), 'steelyard-journal-'));
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill9()));
    service.stop();
    await rm(directory, { recursive: true });
  });

  function start(task: 'append' | 'replay'): Child {
    const child = spawn(process.execPath, [CHILD, task, service.address, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const made = { lines, kill9: () => killed(child, closed) };
    children.push(made);
    return made;
  }

  async function replayHere(): Promise<{ report: ReplayReport; discrepancies: Discrepancy[] }> {
    const discrepancies: Discrepancy[] = [];
    const patience = { attemptTimeoutMs: 60_000, deadlineMs: 120_000 };
    const transport = grpcTransport({ address: service.address });
    const steelyard = new SteelyardClient({ transport, ...patience });
    const onDiscrepancy = (found: Discrepancy): void => void discrepancies.push(found);
    const client = await migratingClient({
      mode: 'permissive',
      steelyard,
      journal: { directory, onDiscrepancy },
    });
    const report = await client.journal?.replay();
    await client.close();
    if (!report) throw new Error('a permissive client has a journal');
    return { report, discrepancies };
  }

  /** Journals until at least so many were let go on, then dies. @returns the keys of those */
  async function journalAndDie(count: number): Promise<readonly string[]> {
    const child = start('append');
    await eventually(() => child.lines.length > count, SOON);
    await child.kill9();
    return child.lines.slice(1);
  }

  const firstSeen = (): readonly string[] => [...new Set(service.keys)];

  it('sends everything it was let go on with, in order, when it is killed between append and replay', async () => {
    service.stop();
    const keys = [...(await journalAndDie(40)), ...(await journalAndDie(40))];
    await service.resume();
    const { report, discrepancies } = await replayHere();
    expect(discrepancies).toEqual([]);
    expect(report.pending).toBe(0);
    // An operation that was being written when it died may be there too; none that was acknowledged is missing.
    expect(firstSeen().filter((key) => keys.includes(key))).toEqual(keys);
    expect(firstSeen().length).toBeLessThanOrEqual(keys.length + 2);
  });

  it('sends everything when it is killed during replays, again and again', async () => {
    service.stop();
    const keys = await journalAndDie(350);
    await service.resume();
    // Whether the service has done the work or not when the process dies: its answer does not arrive.
    service.next(grantDeposit, 'lose-answer', grantDeposit, 'lose-answer');
    for (const requests of [2, 4]) {
      const child = start('replay');
      await eventually(() => service.requests.length >= requests, SOON);
      await child.kill9();
    }
    const { report } = await replayHere();
    expect(report.pending).toBe(0);
    expect(firstSeen().filter((key) => keys.includes(key))).toEqual(keys);
    // What was acknowledged is not sent again.
    expect(report.replayed).toBeLessThan(keys.length);
  });
});

async function killed(child: ChildProcess, closed: Promise<void>): Promise<void> {
  child.kill('SIGKILL');
  await closed;
}
