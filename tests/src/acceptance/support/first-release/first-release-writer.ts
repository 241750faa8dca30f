import { bucketOf } from '@steelyard/domain/accounts';
import { checksumOf, GENESIS } from '@steelyard/domain/ledger-chain';
import { entryIdOf, transactionIdOf } from '@steelyard/domain/posting';
import { Client } from 'pg';
import { BUCKETS } from './ledger-history.js';

/** How a server shows these writers. */
export const WRITER_APPLICATION = 'a process of the first release';
const DEPOSIT = 1;
const ARGUMENTS = 47;
const WRITE = `select balance.write_batch(${Array.from({ length: ARGUMENTS }, (_, i) => `$${i + 1}`).join(', ')})`;
const PAUSE_MS = 2;

interface End {
  readonly id: string;
  readonly amount: bigint;
  balance: bigint;
  sequence: bigint;
  checksum: string;
}

/**
 * Deposits one chip after the other with the function that the first release calls, in a bucket that nobody else
 * posts to. It remembers heads and balances as that release does.
 */
export class FirstReleaseWriter {
  readonly accountId: string;
  deposits = 0n;
  readonly #bucket: number;
  readonly #client: Client;
  readonly #payee: End;
  readonly #world: End;
  #head: { sequence: bigint; writeId: bigint | null };
  #isStopping = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(client: Client, accountId: string, head: { sequence: bigint; writeId: bigint | null }) {
    this.accountId = accountId;
    this.#bucket = bucketOf(accountId, BUCKETS);
    this.#client = client;
    this.#head = head;
    this.#payee = { id: accountId, amount: 1n, balance: 0n, sequence: 0n, checksum: GENESIS };
    this.#world = { id: '@world/CHIPS', amount: -1n, balance: 0n, sequence: 0n, checksum: GENESIS };
  }

  /** Connects as a superuser, and begins to write. */
  static async start(databaseUrl: string, accountId: string): Promise<FirstReleaseWriter> {
    const client = new Client({ connectionString: databaseUrl, application_name: WRITER_APPLICATION });
    await client.connect();
    const { rows } = await client.query<{ sequence: string; write_id: string | null }>(
      'select sequence, write_id from balance.heads where bucket = $1',
      [bucketOf(accountId, BUCKETS)],
    );
    const [row] = rows;
    if (!row) throw new Error('the bucket has no head');
    const writeId = row.write_id === null ? null : BigInt(row.write_id);
    const writer = new FirstReleaseWriter(client, accountId, { sequence: BigInt(row.sequence), writeId });
    writer.#running = writer.#run();
    return writer;
  }

  /** Ends after the write under way; again: does nothing. Throws what a write failed with. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    try {
      await this.#running;
    } finally {
      await this.#client.end();
    }
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      await this.#deposit();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #deposit(): Promise<void> {
    const nowMs = Date.now();
    const next = { sequence: this.#head.sequence + 1n, writeId: BigInt(nowMs) * 1_000n + this.deposits };
    const isFirst = this.deposits === 0n;
    const before = [this.#payee.sequence, this.#world.sequence];
    const ends = [this.#payee, this.#world];
    ends.forEach((end, i) => this.#link(end, { nowMs, ordinal: i + 1, factSequence: next.sequence }));
    const both = [this.#bucket, this.#bucket];
    const accounts = isFirst ? [] : ends;
    await this.#client.query(WRITE, [
      ...[
        [this.#bucket],
        [this.#head.sequence],
        [this.#head.writeId],
        [next.sequence],
        [nowMs],
        [next.writeId],
      ],
      ...[JSON.stringify(isFirst ? ends.map((end) => this.#row(end, nowMs)) : []), '[]'],
      accounts.map(() => this.#bucket),
      accounts.map(({ id }) => id),
      isFirst ? [] : before,
      accounts.map(({ sequence }) => sequence),
      accounts.map(({ balance }) => balance),
      accounts.map(() => 0),
      accounts.map(({ sequence }) => sequence),
      accounts.map(({ checksum }) => Buffer.from(checksum, 'hex')),
      accounts.map(() => nowMs),
      ...[
        [this.#bucket],
        [next.sequence],
        [DEPOSIT],
        [nowMs],
        [null],
        [null],
        [null],
        [null],
        [null],
        ['{}'],
      ],
      both,
      ends.map(({ id }) => id),
      ends.map(({ sequence }) => sequence),
      ends.map(({ amount }) => amount),
      ends.map(({ balance }) => balance),
      ends.map(() => next.sequence),
      [1, 2],
      ends.map(({ checksum }) => Buffer.from(checksum, 'hex')),
      ...[[0, 0], ['CHIPS', 'CHIPS'], 1],
      ...[[], [], [], [], [], nowMs],
      ...[[], [], []],
    ]);
    this.#head = next;
    this.deposits += 1n;
  }

  #link(end: End, place: { nowMs: number; ordinal: number; factSequence: bigint }): void {
    const { nowMs, ordinal, factSequence } = place;
    const key = { bucket: this.#bucket, sequence: factSequence };
    end.checksum = checksumOf({
      entryId: entryIdOf(key, nowMs, ordinal),
      transactionId: transactionIdOf(key, nowMs),
      accountId: end.id,
      type: 'DEPOSIT',
      amount: end.amount,
      balanceBefore: end.balance,
      balanceAfter: end.balance + end.amount,
      metadataJson: '{}',
      timestamp: new Date(nowMs).toISOString(),
      previousChecksum: end.checksum,
    });
    end.balance += end.amount;
    end.sequence += 1n;
  }

  /** The row of an account that the write opens; versions are its sequences, for nothing else changes it. */
  #row({ id, balance, sequence, checksum }: End, nowMs: number): Record<string, unknown> {
    return {
      bucket: this.#bucket,
      account_id: id,
      currency: 'CHIPS',
      balance: `${balance}`,
      held: 0,
      version: `${sequence}`,
      sequence: `${sequence}`,
      credit_limit: id.startsWith('@') ? null : 0,
      minimum_hold: 0,
      created_at_ms: nowMs,
      updated_at_ms: nowMs,
      status: 1,
      checksum: `\\x${checksum}`,
      metadata: '{}',
    };
  }
}
