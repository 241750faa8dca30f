import type { Fact, FactHandler, FactTransaction } from '@steelyard/facts/inbox';
import { effectiveAtMsOf } from '../../application/effective-time/effective-at.js';
import { ADD_DATED_ENTRIES, ADD_TO_WINDOWS, EFFECTIVE_TIMES } from './effective-times.sql.js';

interface DatedEntry {
  readonly accountId: string;
  readonly sequence: bigint;
  readonly effectiveAtMs: bigint;
  readonly amount: bigint;
}

/** Keeps what balances by the effective clock are computed from. */
export class EffectiveTimesHandler implements FactHandler {
  readonly name = EFFECTIVE_TIMES;

  async apply(transaction: FactTransaction, facts: readonly Fact[]): Promise<void> {
    const [first] = facts;
    const dated = facts.flatMap(datedEntriesOf);
    if (first === undefined || dated.length === 0) return;
    const accounts = dated.map(({ accountId }) => accountId);
    const sequences = dated.map(({ sequence }) => sequence);
    const times = dated.map(({ effectiveAtMs }) => effectiveAtMs);
    const amounts = dated.map(({ amount }) => amount);
    await transaction.query({
      ...ADD_DATED_ENTRIES,
      values: [first.bucket, accounts, sequences, times, amounts],
    });
    await transaction.query({ ...ADD_TO_WINDOWS, values: [first.bucket, accounts, times, amounts] });
  }
}

function datedEntriesOf({ entries, dataJson }: Fact): readonly DatedEntry[] {
  if (entries.length === 0) return [];
  const effectiveAtMs = effectiveAtMsOf(dataJson);
  if (effectiveAtMs === undefined) return [];
  return entries.map(({ accountId, sequence, amount }) => ({ accountId, sequence, effectiveAtMs, amount }));
}
