import type { Fact } from '@steelyard/facts/inbox';
import { entryIdOf, factKind, transactionIdOf } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import type { LedgerSuite } from './use-ledger.js';

/** Whole numbers come as digits or as bigint, as the connection's owner set it. */
interface FactRow {
  readonly bucket: number;
  readonly sequence: string;
  readonly kind: number;
  readonly committed_at_ms: string;
  readonly home_bucket: number | null;
  readonly home_sequence: string | null;
  readonly data: string;
}

interface EntryRow {
  readonly account_id: string;
  readonly sequence: string;
  readonly amount: string;
  readonly balance_after: string;
  readonly fact_sequence: string;
  readonly ordinal: number;
  readonly checksum: string;
}

/** The facts of a bucket after a sequence as the balance app delivers them. */
export async function factsAfter(
  suite: Pick<LedgerSuite, 'sql'>,
  bucket: number,
  range: { readonly after: bigint; readonly limit: number },
): Promise<Fact[]> {
  const facts = await suite.sql<FactRow>(
    `select bucket, sequence, kind, committed_at_ms, home_bucket, home_sequence, data from balance.facts
     where bucket = $1 and sequence > $2 order by sequence limit $3`,
    [bucket, range.after, range.limit],
  );
  const entries = await suite.sql<EntryRow>(
    `select account_id, sequence, amount, balance_after, fact_sequence, ordinal, encode(checksum, 'hex') as checksum
     from ledger.entries where bucket = $1 and fact_sequence = any ($2) order by fact_sequence, ordinal`,
    [bucket, facts.map(({ sequence }) => sequence)],
  );
  const byFact = Map.groupBy(entries, ({ fact_sequence: sequence }) => sequence);
  return facts.map((row) => factOf(row, byFact.get(row.sequence) ?? []));
}

function factOf(row: FactRow, entries: readonly EntryRow[]): Fact {
  const { bucket, home_bucket: homeBucket, home_sequence: homeSequence } = row;
  const sequence = BigInt(row.sequence);
  const home =
    homeBucket === null || homeSequence === null
      ? { bucket, sequence }
      : { bucket: homeBucket, sequence: BigInt(homeSequence) };
  const kind = factKind(row.kind);
  invariant(kind !== undefined, 'the builder writes known kinds');
  const committedAtMs = Number(row.committed_at_ms);
  return {
    bucket,
    sequence,
    kind,
    factId: transactionIdOf(home, committedAtMs),
    committedAtMs: BigInt(row.committed_at_ms),
    idempotencyKey: '',
    dataJson: row.data,
    home: homeBucket === null ? undefined : home,
    legs: [],
    entries: entries.map((entry) => ({
      entryId: entryIdOf(home, committedAtMs, entry.ordinal),
      accountId: entry.account_id,
      currency: 'CZK',
      amount: BigInt(entry.amount),
      balanceBefore: BigInt(entry.balance_after) - BigInt(entry.amount),
      balanceAfter: BigInt(entry.balance_after),
      sequence: BigInt(entry.sequence),
      checksum: entry.checksum,
    })),
  };
}
