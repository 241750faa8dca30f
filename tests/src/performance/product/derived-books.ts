import { setTimeout as delay } from 'node:timers/promises';
import { ledgerV1, proofsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { storedBytes } from '../legs/storage.js';
import type { Figure } from '../results.types.js';
import { targetOf } from './platform-books.js';
import { QUIET_LEDGER } from './quiet-ledger.js';

const DEADLINE_MS = 60_000;
const POLL_MS = 100;
const MS_PER_SECOND = 1_000;
const SEAL_INTERVAL_MS = '50';
const FACTS_BEHIND = /^steelyard_facts_behind\{consumer="ledger"[^}]*\} (\d+)/m;

export interface Derivation {
  readonly url: string;
  readonly transactions: number;
  readonly signal: AbortSignal;
}

/** What the ledger app derives from a large ledger that nobody has derived anything from: how fast, and how much. */
export async function derivationFigures(derivation: Derivation): Promise<Figure[]> {
  const { url, transactions } = derivation;
  const before = await totalBytes(url);
  const platform = await startPlatform({
    apps: ['balance', 'ledger'],
    env: {
      DATABASE_URL: url,
      FACT_CONSUMERS: 'none',
      LEDGER_SEAL_INTERVAL_MS: SEAL_INTERVAL_MS,
      ...QUIET_LEDGER,
    },
  });
  try {
    const sealing = await sealAll(platform, derivation);
    const sealed = await totalBytes(url);
    await platform.app('balance').restart({ FACT_CONSUMERS: 'ledger' });
    const facts = await deliverAll(platform, derivation);
    const unit = 'bytes';
    const each = (bytes: number): number => bytes / transactions;
    return [
      ...sealing,
      { id: 'storage-seals', title: 'stored for a transaction by seals', value: each(sealed - before), unit },
      ...facts,
      {
        id: 'storage-derived',
        title: 'stored for a transaction by what is derived from facts: the audit trail',
        value: each((await totalBytes(url)) - sealed),
        unit,
      },
    ];
  } finally {
    await platform.stop();
  }
}

/** Waits until the latest checkpoint holds every entry. */
async function sealAll(platform: RunningPlatform, { signal }: Derivation): Promise<Figure[]> {
  const settings = { address: targetOf(platform, 'ledger'), deadlineMs: DEADLINE_MS };
  const ledger = grpcClient(ledgerV1.LedgerServiceService, settings);
  const proofs = grpcClient(proofsV1.ProofServiceService, settings);
  try {
    const { entries } = await ledger.call('getStatus', {});
    const isSealed = async (): Promise<boolean> => {
      const { checkpoints } = await proofs.call('listCheckpoints', { limit: 1, cursor: '' });
      return (checkpoints[0]?.entries ?? 0n) >= entries;
    };
    const seconds = await secondsUntil(isSealed, signal);
    const value = Number(entries) / seconds;
    return [{ id: 'sealing', title: 'entries sealed a second, from the first', value, unit: 'entries' }];
  } finally {
    await Promise.all([ledger.close(), proofs.close()]);
  }
}

/** Waits until the ledger app has applied every fact. */
async function deliverAll(
  platform: RunningPlatform,
  { signal, transactions }: Derivation,
): Promise<Figure[]> {
  const isDelivered = async (): Promise<boolean> => {
    const metrics = await (await fetch(`${platform.app('balance').httpUrl}/metrics`)).text();
    return FACTS_BEHIND.exec(metrics)?.[1] === '0';
  };
  const seconds = await secondsUntil(isDelivered, signal);
  const title = 'transactions a second delivered to the ledger app and applied there, from the first';
  return [{ id: 'derivation', title, value: transactions / seconds, unit: 'transactions' }];
}

async function secondsUntil(isDone: () => Promise<boolean>, signal: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  while (!(await isDone())) await delay(POLL_MS, undefined, { signal });
  return (performance.now() - startedMs) / MS_PER_SECOND;
}

async function totalBytes(url: string): Promise<number> {
  return Object.values(await storedBytes(url)).reduce((sum, bytes) => sum + bytes, 0);
}
