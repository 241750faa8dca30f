import { randomBytes } from 'node:crypto';
import { CurrencyTable } from '@steelyard/domain/money';
import { Books, type Answer, type WriteSet } from '@steelyard/domain/posting';
import { decideBatch, loadKeys, loadMissing } from '../../src/application/posting-engine/batch-decider.js';
import type { EngineContext } from '../../src/application/posting-engine/batch-writer.js';
import type { Submission } from '../../src/application/posting-engine/posting-engine.js';
import type { PostingStorage } from '../../src/application/posting-engine/posting-storage.port.js';
import { bucketsOf, type Batch } from '../../src/application/posting-engine/work-unit.js';

/** Of the databases that tests set up. */
export const TEST_BUCKETS = 8;

export const TEST_CONTEXT: EngineContext = {
  settings: {
    defaultCurrency: 'CHIPS',
    buckets: TEST_BUCKETS,
    reservationTimeoutMs: 30_000,
    escrowPolicy: 'strict',
    rake: { basisPoints: 0, capChips: 0n, minPotChips: 0n },
  },
  currencies: new CurrencyTable(),
};

export interface Decided {
  readonly answers: readonly Answer[];
  readonly writeSet: WriteSet;
}

export interface DecideOptions {
  readonly looksUpKeys?: boolean;
  /** Of a process that has decided before; what it knows is not read again. */
  readonly books?: Books;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now?: () => number;
}

/** Decides commands as one batch on what is stored now, and writes nothing. */
export async function decideOn(
  storage: Pick<PostingStorage, 'heads' | 'load' | 'loadKeys'>,
  submissions: readonly Submission[],
  { looksUpKeys = false, books = new Books(), now = Date.now }: DecideOptions = {},
): Promise<Decided> {
  const batch = batchOf(submissions);
  const unknown = bucketsOf(batch).filter((bucket) => !books.find(bucket));
  for (const { bucket, ...head } of await storage.heads(unknown)) books.setHead(bucket, head);
  if (looksUpKeys) await loadKeys(batch, books, (keys) => storage.loadKeys(keys));
  const nowMs = await loadMissing(batch, {
    books,
    settings: TEST_CONTEXT.settings,
    now,
    load: (request) => storage.load(request),
    settled: () => Promise.resolve(),
  });
  const context = { ...TEST_CONTEXT, nowMs, writeId: randomBytes(8).readBigInt64BE() };
  const { answers, writeSet } = decideBatch(batch, books, context);
  return { answers: answers.flat(), writeSet };
}

function batchOf(submissions: readonly Submission[]): Batch {
  const units = submissions.map(({ prepared }) => ({
    commands: [prepared],
    isAtomic: false,
    lanes: [0],
    bytes: 0,
    deadlineAtMs: Infinity,
    succeed: () => undefined,
    fail: () => undefined,
  }));
  return { units, lanes: [0] };
}
