import { CurrencyTable } from '@steelyard/domain/money';
import { Books, type Answer, type DecisionContext, type WriteSet } from '@steelyard/domain/posting';
import {
  decideBatch,
  loadKeys,
  loadMissing,
} from '../../src/application/posting-engine/batch-decider.js';
import type { Submission } from '../../src/application/posting-engine/posting-engine.js';
import type { PostingStorage } from '../../src/application/posting-engine/posting-storage.port.js';
import { bucketsOf, type Batch } from '../../src/application/posting-engine/work-unit.js';

export const TEST_CONTEXT: Omit<DecisionContext, 'nowMs'> = {
  settings: { defaultCurrency: 'CHIPS' },
  currencies: new CurrencyTable(),
};

export interface Decided {
  readonly answers: readonly Answer[];
  readonly writeSet: WriteSet;
}

/** Decides commands as one batch on what is stored now, and writes nothing. */
export async function decideOn(
  storage: PostingStorage,
  submissions: readonly Submission[],
  options: { readonly looksUpKeys?: boolean; readonly nowMs?: number } = {},
): Promise<Decided> {
  const books = new Books();
  const batch = batchOf(submissions);
  for (const { bucket, ...head } of await storage.heads(bucketsOf(batch))) books.setHead(bucket, head);
  if (options.looksUpKeys === true) await loadKeys(batch, books, (request) => storage.load(request));
  await loadMissing(batch, books, TEST_CONTEXT.settings, (request) => storage.load(request));
  const context = { ...TEST_CONTEXT, nowMs: options.nowMs ?? Date.now() };
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
