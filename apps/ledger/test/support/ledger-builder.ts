import pg from 'pg';
import { bucketOf, isSystemAccountId, worldAccountId } from '@steelyard/domain/accounts';
import {
  canonicalJson,
  checksumOf,
  GENESIS,
  HASH_VERSION,
  type JsonObject,
} from '@steelyard/domain/ledger-chain';
import {
  entryIdOf,
  factNumber,
  transactionIdOf,
  type FactKey,
  type FactKind,
  type TransactionType,
} from '@steelyard/domain/posting';
import { writeRows, type AccountRow, type EntryRow, type FactRow, type HeadRow } from './ledger-rows.js';

export interface Movement {
  readonly account: string;
  readonly currency?: string;
  readonly amount: bigint;
}

export interface PostOptions {
  readonly type?: TransactionType;
  readonly metadata?: JsonObject;
  /** Commit time; the builder's own clock, one millisecond a post, when it is not given. */
  readonly atMs?: number;
  readonly idempotencyKey?: string;
}

/** Writes ledgers as the balance app would: rows with right sums, ids and checksums. */
export class LedgerBuilder {
  private readonly accounts = new Map<string, AccountRow>();
  private readonly heads = new Map<number, HeadRow>();
  private readonly changed = new Set<AccountRow>();
  private facts: FactRow[] = [];
  private entries: EntryRow[] = [];
  private nowMs = Date.UTC(2026, 0, 1);

  constructor(
    private readonly url: string,
    readonly buckets: number,
  ) {}

  bucketOf(account: string): number {
    return bucketOf(account, this.buckets);
  }

  /** Money from the world to an account, or back when the amount is negative. */
  deposit(account: string, amount: bigint, options: PostOptions & { currency?: string } = {}): string {
    const { currency = 'CZK' } = options;
    const world = { account: worldAccountId(currency), currency, amount: -amount };
    const type = amount > 0n ? 'DEPOSIT' : 'WITHDRAW';
    return this.post([{ account, currency, amount }, world], { type, ...options });
  }

  transfer(movement: { from: string; to: string; amount: bigint }, options: PostOptions = {}): string {
    const { from, to, amount } = movement;
    const movements = [
      { account: from, amount: -amount },
      { account: to, amount },
    ];
    return this.post(movements, { type: 'TRANSFER', ...options });
  }

  /** Adds a transaction to what {@link flush} will write; returns its id. Sums are the test's own business. */
  post(movements: readonly Movement[], options: PostOptions = {}): string {
    const committedAtMs = options.atMs ?? this.nowMs + 1;
    this.nowMs = Math.max(this.nowMs, committedAtMs);
    const [first] = movements;
    if (first === undefined) throw new Error('a transaction moves something');
    const type = options.type ?? 'ADJUSTMENT';
    const dataJson = canonicalJson(options.metadata ?? {});
    const keys = this.writeFacts(this.bucketOf(first.account), movements, {
      kind: type,
      committedAtMs,
      dataJson,
      idempotencyKey: options.idempotencyKey ?? null,
    });
    const transactionId = transactionIdOf(keys.home, committedAtMs);
    movements.forEach((movement, index) => {
      const bucket = this.bucketFor(movement, keys.home.bucket);
      const factSequence = keys.sequences.get(bucket) ?? 0n;
      this.writeEntry(movement, {
        bucket,
        factSequence,
        ordinal: index + 1,
        entryId: entryIdOf(keys.home, committedAtMs, index + 1),
        transactionId,
        type,
        metadataJson: dataJson,
        timestamp: new Date(committedAtMs).toISOString(),
      });
    });
    return transactionId;
  }

  /** An account without entries, with the fact of its opening. */
  open(account: string, currency = 'CZK'): void {
    const bucket = this.bucketOf(account);
    const committedAtMs = (this.nowMs += 1);
    this.fact({ bucket, sequence: this.nextSequence(bucket, committedAtMs) }, 'ACCOUNT_OPENED', {
      committedAtMs,
      dataJson: '{}',
    });
    this.changed.add(this.accountRow(bucket, account, currency));
  }

  /** Writes everything since the last time in one transaction. */
  async flush(): Promise<void> {
    const { facts, entries } = this;
    const rows = { facts, entries, accounts: [...this.changed], heads: [...this.heads.values()] };
    this.facts = [];
    this.entries = [];
    this.changed.clear();
    await this.run((client) => writeRows(client, rows));
  }

  private bucketFor(movement: Movement, homeBucket: number): number {
    return isSystemAccountId(movement.account) ? homeBucket : this.bucketOf(movement.account);
  }

  private writeFacts(
    homeBucket: number,
    movements: readonly Movement[],
    fact: { kind: FactKind; committedAtMs: number; dataJson: string; idempotencyKey: string | null },
  ): { home: FactKey; sequences: Map<number, bigint> } {
    const home = { bucket: homeBucket, sequence: this.nextSequence(homeBucket, fact.committedAtMs) };
    const others = new Set(movements.map((movement) => this.bucketFor(movement, homeBucket)));
    others.delete(homeBucket);
    const legs = [...others]
      .sort((a, b) => a - b)
      .map((bucket) => {
        return { bucket, sequence: this.nextSequence(bucket, fact.committedAtMs) };
      });
    this.fact(home, fact.kind, { ...fact, legs });
    for (const leg of legs) this.fact(leg, fact.kind, { ...fact, idempotencyKey: null, home });
    return { home, sequences: new Map([home, ...legs].map((key) => [key.bucket, key.sequence])) };
  }

  private fact(
    key: FactKey,
    kind: FactKind,
    row: {
      committedAtMs: number;
      dataJson: string;
      idempotencyKey?: string | null;
      home?: FactKey;
      legs?: readonly FactKey[];
    },
  ): void {
    const legs = row.legs ?? [];
    this.facts.push({
      bucket: key.bucket,
      sequence: key.sequence.toString(),
      committed_at_ms: row.committedAtMs,
      home_bucket: row.home?.bucket ?? null,
      home_sequence: row.home?.sequence.toString() ?? null,
      kind: factNumber(kind),
      leg_buckets: legs.length === 0 ? null : legs.map(({ bucket }) => bucket),
      leg_sequences: legs.length === 0 ? null : legs.map(({ sequence }) => sequence.toString()),
      idempotency_key: row.idempotencyKey ?? null,
      data: row.dataJson,
    });
  }

  private writeEntry(
    movement: Movement,
    entry: {
      bucket: number;
      factSequence: bigint;
      ordinal: number;
      entryId: string;
      transactionId: string;
      type: string;
      metadataJson: string;
      timestamp: string;
    },
  ): void {
    const account = this.accountRow(entry.bucket, movement.account, movement.currency ?? 'CZK');
    const balanceBefore = BigInt(account.balance);
    const balanceAfter = balanceBefore + movement.amount;
    const previousChecksum = account.checksum === '\\x' ? GENESIS : account.checksum.slice(2);
    const { entryId, transactionId, type, metadataJson, timestamp } = entry;
    const checksum = checksumOf({
      entryId,
      transactionId,
      accountId: movement.account,
      type,
      amount: movement.amount,
      balanceBefore,
      balanceAfter,
      metadataJson,
      timestamp,
      previousChecksum,
    });
    account.balance = balanceAfter.toString();
    account.sequence = (BigInt(account.sequence) + 1n).toString();
    account.checksum = `\\x${checksum}`;
    account.updated_at_ms = this.nowMs;
    this.changed.add(account);
    this.entries.push({
      sequence: account.sequence,
      amount: movement.amount.toString(),
      balance_after: account.balance,
      fact_sequence: entry.factSequence.toString(),
      bucket: entry.bucket,
      ordinal: entry.ordinal,
      hash_version: HASH_VERSION,
      account_id: movement.account,
      checksum: account.checksum,
    });
  }

  private accountRow(bucket: number, accountId: string, currency: string): AccountRow {
    const key = `${bucket} ${accountId}`;
    const known = this.accounts.get(key);
    if (known !== undefined) return known;
    const opened = {
      bucket,
      account_id: accountId,
      currency,
      balance: '0',
      sequence: '0',
      checksum: '\\x',
      created_at_ms: this.nowMs,
      updated_at_ms: this.nowMs,
    };
    this.accounts.set(key, opened);
    return opened;
  }

  private nextSequence(bucket: number, committedAtMs: number): bigint {
    const sequence = BigInt(this.heads.get(bucket)?.sequence ?? '0') + 1n;
    this.heads.set(bucket, { bucket, sequence: sequence.toString(), committed_at_ms: committedAtMs });
    return sequence;
  }

  private async run(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }
}
