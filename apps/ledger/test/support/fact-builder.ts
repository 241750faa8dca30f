import { bucketOf } from '@steelyard/domain/accounts';
import { canonicalJson, type JsonObject } from '@steelyard/domain/ledger-chain';
import { entryIdOf, transactionIdOf } from '@steelyard/domain/posting';
import type { Fact } from '@steelyard/facts/inbox';

/** Facts of clients' accounts as the balance app sends them, gapless per bucket. Checksums are made up. */
export class FactBuilder {
  private readonly heads = new Map<number, bigint>();
  private readonly balances = new Map<string, { balance: bigint; sequence: bigint }>();

  constructor(
    readonly buckets: number,
    private nowMs = Date.UTC(2026, 0, 1),
  ) {}

  /** Money from the world to an account, with the entries of both. */
  deposit(accountId: string, amount: bigint, metadata: JsonObject = {}): Fact {
    const bucket = bucketOf(accountId, this.buckets);
    const fact = this.fact(bucket, 'DEPOSIT', metadata);
    const key = { bucket, sequence: fact.sequence };
    const entry = (account: string, change: bigint, ordinal: number): Fact['entries'][number] => {
      const before = this.balances.get(`${bucket} ${account}`) ?? { balance: 0n, sequence: 0n };
      const after = { balance: before.balance + change, sequence: before.sequence + 1n };
      this.balances.set(`${bucket} ${account}`, after);
      return {
        entryId: entryIdOf(key, Number(fact.committedAtMs), ordinal),
        accountId: account,
        currency: 'CZK',
        amount: change,
        balanceBefore: before.balance,
        balanceAfter: after.balance,
        sequence: after.sequence,
        checksum: after.sequence.toString(16).padStart(64, 'c'),
      };
    };
    return { ...fact, entries: [entry(accountId, amount, 1), entry('@world/CZK', -amount, 2)] };
  }

  /** A fact that moves no value. */
  change(accountId: string, kind: string, data: JsonObject): Fact {
    return this.fact(bucketOf(accountId, this.buckets), kind, data);
  }

  private fact(bucket: number, kind: string, data: JsonObject): Fact {
    const sequence = (this.heads.get(bucket) ?? 0n) + 1n;
    this.heads.set(bucket, sequence);
    this.nowMs += 1;
    return {
      bucket,
      sequence,
      kind,
      factId: transactionIdOf({ bucket, sequence }, this.nowMs),
      committedAtMs: BigInt(this.nowMs),
      idempotencyKey: '',
      dataJson: canonicalJson(data),
      home: undefined,
      legs: [],
      entries: [],
    };
  }
}
