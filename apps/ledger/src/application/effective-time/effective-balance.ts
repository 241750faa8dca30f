import { effectiveAtMsOf } from './effective-at.js';
import type { DatedChain, EffectiveReads, EntrySum, UncoveredEntry } from './effective-reads.port.js';

/** Entries a statement: a consumer that has fallen far behind makes reads slower, never wrong and never large. */
const UNCOVERED_PER_READ = 2_000;

/**
 * Balance and number of the entries of one chain that had taken effect at an instant: those committed by then,
 * without the dated ones, and the dated ones by their own time.
 */
export async function effectiveSum(
  reads: EffectiveReads,
  accountId: string,
  { chain, atMs }: { readonly chain: DatedChain; readonly atMs: bigint },
): Promise<EntrySum> {
  let amount = chain.committedBalance - chain.datedCommitted.amount + chain.datedEffective.amount;
  let entries = chain.committedSequence - chain.datedCommitted.entries + chain.datedEffective.entries;
  for await (const entry of uncoveredEntries(reads, accountId, chain)) {
    const effectiveAtMs = entry.metadataJson === null ? undefined : effectiveAtMsOf(entry.metadataJson);
    if (effectiveAtMs === undefined) continue;
    const isCounted = entry.sequence <= chain.committedSequence;
    const isEffective = effectiveAtMs <= atMs;
    if (isCounted === isEffective) continue;
    amount += isEffective ? entry.amount : -entry.amount;
    entries += isEffective ? 1n : -1n;
  }
  return { amount, entries };
}

/**
 * What the sums leave out. Entries never change, so that they may be read after the snapshot of the sums as long
 * as none behind its end is taken.
 */
async function* uncoveredEntries(
  reads: EffectiveReads,
  accountId: string,
  chain: DatedChain,
): AsyncGenerator<UncoveredEntry> {
  const { bucket, coveredFact, missedFacts } = chain;
  if (missedFacts.length > 0)
    yield* await reads.entriesOfFacts(accountId, { bucket, sequences: missedFacts });
  let high = chain.isBehind ? chain.high : 0n;
  while (high > 0n) {
    const page = await reads.entriesDownFrom(accountId, { bucket, high, limit: UNCOVERED_PER_READ });
    for (const entry of page) {
      if (entry.factSequence <= coveredFact) return;
      yield entry;
    }
    const last = page.at(-1);
    if (last === undefined) return;
    high = last.sequence - 1n;
  }
}
