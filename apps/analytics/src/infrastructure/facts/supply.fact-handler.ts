import { isTransactionType } from '@steelyard/domain/posting';
import type { Fact, FactHandler, FactTransaction } from '@steelyard/facts/inbox';
import { accountKindOf } from '../../application/supply/account-kind.js';
import { ADD_SUPPLY } from '../postgres/supply.sql.js';

/** One row's increments. */
interface Increment {
  readonly bucket: number;
  readonly currency: string;
  readonly day: string;
  readonly type: string;
  readonly kind: string;
  entries: bigint;
  amountIn: bigint;
  amountOut: bigint;
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;

/** Adds the entries of transactions to the rollups, one statement a batch. */
export class SupplyFactHandler implements FactHandler {
  readonly name = 'supply';
  readonly takesManyBuckets = true;

  async apply(transaction: FactTransaction, facts: readonly Fact[]): Promise<void> {
    const increments = incrementsOf(facts);
    if (increments.length === 0) return;
    const rows = increments.map(({ bucket, currency, day, type, kind, ...sums }) => ({
      bucket,
      currency,
      day,
      type,
      kind,
      entries: sums.entries.toString(),
      amount_in: sums.amountIn.toString(),
      amount_out: sums.amountOut.toString(),
    }));
    await transaction.query({ ...ADD_SUPPLY, values: [JSON.stringify(rows)] });
  }
}

function incrementsOf(facts: readonly Fact[]): readonly Increment[] {
  const increments = new Map<string, Increment>();
  for (const { bucket, kind: type, committedAtMs, entries } of facts) {
    if (!isTransactionType(type)) continue;
    const day = new Date(Number(committedAtMs)).toISOString().slice(0, DATE_LENGTH);
    for (const { accountId, currency, amount } of entries) {
      const kind = accountKindOf(accountId);
      const key = [bucket, currency, day, type, kind].join('/');
      const known = increments.get(key);
      const none = { entries: 0n, amountIn: 0n, amountOut: 0n };
      const increment = known ?? { bucket, currency, day, type, kind, ...none };
      if (known === undefined) increments.set(key, increment);
      increment.entries += 1n;
      if (amount > 0n) increment.amountIn += amount;
      else increment.amountOut -= amount;
    }
  }
  return [...increments.values()];
}
