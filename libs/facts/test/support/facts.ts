import type { Fact } from '../../src/inbox/index.js';

/** A deposit of 10 on an account of the bucket, changed as asked. */
export function fact(bucket: number, sequence: bigint, changes: Partial<Fact> = {}): Fact {
  return {
    bucket,
    sequence,
    kind: 'DEPOSIT',
    factId: `fact-${bucket}-${sequence}`,
    committedAtMs: 1_700_000_000_000n,
    idempotencyKey: '',
    dataJson: '{}',
    home: undefined,
    legs: [],
    entries: [],
    ...changes,
  };
}

/** Facts `from` to `to` of one bucket. */
export function factsOf(bucket: number, from: number, to: number): Fact[] {
  return Array.from({ length: to - from + 1 }, (_, index) => fact(bucket, BigInt(from + index)));
}
