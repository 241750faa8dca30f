import { modelBucket } from './model-parts.js';
import type {
  ModelAccount,
  ModelDeployment,
  ModelEntry,
  ModelPot,
  ModelReservation,
  ModelTransaction,
} from './model.types.js';

export interface Movement {
  readonly account: ModelAccount;
  readonly amount: bigint;
}

export interface Posting {
  readonly type: string;
  readonly movements: readonly Movement[];
  readonly key: string;
  readonly metadata: string;
}

export const DEFAULT_CURRENCY = 'CHIPS';

/** All that the model knows, on plain maps, and how to take back what was done since {@link begin}. */
export class ModelBooks {
  /** By bucket and id: system accounts exist once per bucket. */
  readonly accounts = new Map<string, ModelAccount>();
  /** By the id that the platform gave. */
  readonly transactions = new Map<string, ModelTransaction>();
  /** By the id that the platform gave. */
  readonly reservations = new Map<string, ModelReservation>();
  /** By table and hand. */
  readonly pots = new Map<string, ModelPot>();
  /** Milliseconds since 1970-01-01 UTC; whoever sends commands sets it. */
  now = 0;
  readonly deployment: ModelDeployment;
  #undo: (() => void)[] | undefined;

  constructor(deployment: ModelDeployment) {
    this.deployment = deployment;
  }

  /** Starts what {@link rollback} takes back. */
  begin(): void {
    this.#undo = [];
  }

  commit(): void {
    this.#undo = undefined;
  }

  rollback(): void {
    for (const step of (this.#undo ?? []).reverse()) step();
    this.#undo = undefined;
  }

  /** The account of a client, by its id alone. */
  find(accountId: string): ModelAccount | undefined {
    return this.at(this.bucketOf(accountId), accountId);
  }

  bucketOf(id: string): number {
    return modelBucket(id, this.deployment.buckets);
  }

  at(bucket: number, accountId: string): ModelAccount | undefined {
    return this.accounts.get(`${bucket} ${accountId}`);
  }

  /** The system account beside an account; it comes into being with its first entry. */
  system(name: string, { bucket, currency }: Pick<ModelAccount, 'bucket' | 'currency'>): ModelAccount {
    const accountId = `${name}/${currency}`;
    const account = this.newAccount(accountId, currency);
    return this.at(bucket, accountId) ?? { ...account, bucket, creditLimit: null };
  }

  newAccount(accountId: string, currency: string): ModelAccount {
    const bucket = this.bucketOf(accountId);
    const limits = { creditLimit: 0n, minimumHold: 0n, maxBalance: null };
    const thresholds = { warningThreshold: null, criticalThreshold: null };
    const profile = { tier: '', holderId: '', agentId: '', metadata: '{}', inflation: 0n };
    const state = { balance: 0n, held: 0n, version: 1n, sequence: 0n, status: 'active' as const };
    return { accountId, bucket, currency, ...state, ...limits, ...thresholds, ...profile };
  }

  record({ type, movements, key, metadata }: Posting): ModelTransaction {
    const entries: ModelEntry[] = movements.map(({ account, amount }) => {
      this.put(account);
      const { accountId, currency, balance } = account;
      this.alter(account, { balance: balance + amount, sequence: account.sequence + 1n });
      const balances = { balanceBefore: balance, balanceAfter: balance + amount };
      return { accountId, currency, amount, ...balances, sequence: account.sequence };
    });
    const first = entries[0]?.amount ?? 0n;
    return {
      type,
      amount: first < 0n ? -first : first,
      currency: entries[0]?.currency ?? '',
      entries,
      buckets: movements.map(({ account }) => account.bucket),
      idempotencyKey: key,
      metadata,
      reversed: 0n,
      id: '',
    };
  }

  /** Every change of an account is one version more. */
  alter(account: ModelAccount, changes: Partial<ModelAccount>): void {
    this.change(account, { ...changes, version: account.version + 1n });
  }

  /** Changes an object so that it can be taken back. */
  change<Value extends object>(object: Value, changes: Partial<Value>): void {
    const before = { ...object };
    this.#undo?.push(() => Object.assign(object, before));
    Object.assign(object, changes);
  }

  put(account: ModelAccount): void {
    const key = `${account.bucket} ${account.accountId}`;
    if (this.accounts.has(key)) return;
    this.#undo?.push(() => this.accounts.delete(key));
    this.accounts.set(key, account);
  }

  putPot(pot: ModelPot): void {
    const key = `${pot.tableId}/${pot.handId}`;
    this.#undo?.push(() => this.pots.delete(key));
    this.pots.set(key, pot);
  }
}
