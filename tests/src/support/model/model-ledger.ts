import type { balanceV1 } from '@steelyard/contracts/grpc';
import { accountText } from './comparable.js';
import { applyLimits, modelBucket, modelConversion, modelMetadata, sortedJson } from './model-parts.js';
import { CHANGES, NO_DETAILS, refuseInactive, refuseLimits, refuseMove } from './model-rules.js';
import {
  AMOUNT_MAX,
  refused,
  type AccountAnswer,
  type Body,
  type BodyOf,
  type ModelAccount,
  type ModelEntry,
  type ModelTransaction,
  type RefusedAnswer,
  type TransactionAnswer,
} from './model.types.js';

type Outcome = RefusedAnswer | AccountAnswer | TransactionAnswer;

interface Movement {
  readonly account: ModelAccount;
  readonly amount: bigint;
}

interface Posting {
  readonly type: string;
  readonly movements: readonly Movement[];
  readonly key: string;
  readonly metadata: string;
}

const DEFAULT_CURRENCY = 'CHIPS';

/** Accounts and transactions, and what each command does to them. */
export class ModelLedger {
  /** By bucket and id: system accounts exist once per bucket. */
  readonly accounts = new Map<string, ModelAccount>();
  /** By the id that the platform gave. */
  readonly transactions = new Map<string, ModelTransaction>();
  readonly #scales: ReadonlyMap<string, number>;
  readonly #buckets: number;
  #undo: (() => void)[] | undefined;

  constructor(scales: ReadonlyMap<string, number>, buckets: number) {
    this.#scales = scales;
    this.#buckets = buckets;
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
    return this.accounts.get(`${modelBucket(accountId, this.#buckets)} ${accountId}`);
  }

  refuseUnknownOriginal({ body }: balanceV1.Command): RefusedAnswer | undefined {
    if (body?.$case !== 'reverse' || this.transactions.has(body.value.transactionId)) return undefined;
    return refused('TRANSACTION_NOT_FOUND', 'transactionId');
  }

  /** The account that an idempotency key belongs to. */
  ownerOf(body: Body): string {
    if (body.$case === 'transfer') return body.value.fromAccountId;
    if (body.$case !== 'reverse') return body.value.accountId;
    return this.transactions.get(body.value.transactionId)?.entries[0]?.accountId ?? '';
  }

  decide(body: Body, key: string): Outcome {
    switch (body.$case) {
      case 'openAccount':
        return this.#open(body.value);
      case 'updateAccount':
        return this.#update(body.value);
      case 'setAccountStatus':
        return this.#setStatus(body.value);
      case 'deposit': {
        const { accountId, amount, currency, details } = body.value;
        const type = ['BONUS', 'REFERRAL'].find((name) => name === details?.source) ?? 'DEPOSIT';
        return this.#post({ accountId, amount, currency, details, type, other: '@world', opens: true, key });
      }
      case 'withdraw': {
        const { accountId, amount, currency, details } = body.value;
        const posting = { accountId, amount: -amount, currency, details, type: 'WITHDRAW' };
        return this.#post({ ...posting, other: '@world', opens: false, key });
      }
      case 'change':
        return this.#change(body.value, key);
      case 'transfer':
        return this.#transfer(body.value, key);
      case 'reverse':
        return this.#reverse(body.value, key);
    }
  }

  #open(wanted: BodyOf<'openAccount'>): Outcome {
    const { accountId, currency, initialBalance, details } = wanted;
    const existing = this.find(accountId);
    if (existing && currency !== '' && currency !== existing.currency) {
      return refused('CURRENCY_MISMATCH', 'currency');
    }
    if (existing) return { kind: 'account', created: false, account: accountText(existing) };
    const account = this.#newAccount(accountId, currency || DEFAULT_CURRENCY);
    if (!this.#scales.has(account.currency)) return refused('INVALID_CURRENCY', 'currency');
    applyLimits(account, wanted.limits);
    account.tier = wanted.tier ?? '';
    account.holderId = wanted.holderId ?? '';
    account.agentId = details?.agentId ?? '';
    account.metadata = sortedJson(JSON.parse(details?.metadataJson || '{}'));
    const opened = { ...account, balance: initialBalance };
    const refusal = refuseMove(account, initialBalance, 'DEPOSIT') ?? refuseLimits(opened);
    if (refusal) return refusal;
    if (initialBalance !== 0n) {
      const world = this.#system('@world', account);
      const outOfRange = refuseMove(world, -initialBalance, 'DEPOSIT');
      if (outOfRange) return outOfRange;
      const movements = [
        { account, amount: initialBalance },
        { account: world, amount: -initialBalance },
      ];
      this.#record({ type: 'DEPOSIT', movements, key: '', metadata: '' });
    }
    this.#put(account);
    return { kind: 'account', created: true, account: accountText(account) };
  }

  #update(wanted: BodyOf<'updateAccount'>): Outcome {
    const account = this.find(wanted.accountId);
    if (!account) return refused('ACCOUNT_NOT_FOUND', 'accountId');
    if (account.status === 'closed') return refused('ACCOUNT_CLOSED', 'accountId');
    const after = { ...account };
    applyLimits(after, wanted.limits);
    after.tier = wanted.tier ?? account.tier;
    after.holderId = wanted.holderId ?? account.holderId;
    after.agentId = wanted.agentId ?? account.agentId;
    if (wanted.metadataJson !== undefined)
      after.metadata = sortedJson(JSON.parse(wanted.metadataJson || '{}'));
    return refuseLimits(after) ?? this.#replace(account, after);
  }

  #setStatus({ accountId, status }: BodyOf<'setAccountStatus'>): Outcome {
    const account = this.find(accountId);
    if (!account) return refused('ACCOUNT_NOT_FOUND', 'accountId');
    if (account.status === 'closed' && status !== 'closed') return refused('ACCOUNT_CLOSED', 'accountId');
    if (status === 'closed' && account.balance !== 0n) return refused('ACCOUNT_NOT_EMPTY', 'accountId');
    return this.#replace(account, { ...account, status: status as ModelAccount['status'] });
  }

  #change({ accountId, amount, changeType, details }: BodyOf<'change'>, key: string): Outcome {
    const [type = '', other = ''] = CHANGES.get(changeType) ?? [];
    const source = details?.source || changeType;
    const named: balanceV1.Details = { ...NO_DETAILS, ...details, source };
    return this.#post({ accountId, amount, currency: '', details: named, type, other, opens: false, key });
  }

  #post(wanted: {
    readonly accountId: string;
    readonly amount: bigint;
    readonly currency: string;
    readonly details: balanceV1.Details | undefined;
    readonly type: string;
    readonly other: string;
    readonly opens: boolean;
    readonly key: string;
  }): Outcome {
    const { accountId, amount, currency, details, type, key } = wanted;
    const existing = this.find(accountId);
    if (!existing && !wanted.opens) return refused('ACCOUNT_NOT_FOUND', 'accountId');
    const account = existing ?? this.#newAccount(accountId, currency || DEFAULT_CURRENCY);
    if (!existing && !this.#scales.has(account.currency)) return refused('INVALID_CURRENCY', 'currency');
    if (currency !== '' && currency !== account.currency) return refused('CURRENCY_MISMATCH', 'currency');
    const other = this.#system(wanted.other, account);
    const refusal =
      refuseInactive(account, 'accountId') ??
      refuseMove(account, amount, type) ??
      refuseMove(other, -amount, type);
    if (refusal) return refusal;
    const movements = [
      { account, amount },
      { account: other, amount: -amount },
    ];
    return this.#record({ type, movements, key, metadata: modelMetadata(details) });
  }

  #transfer(wanted: BodyOf<'transfer'>, key: string): Outcome {
    const { fromAccountId, toAccountId, amount, type, rate, details } = wanted;
    const [from, to] = [this.find(fromAccountId), this.find(toAccountId)];
    if (!from) return refused('ACCOUNT_NOT_FOUND', 'from');
    if (!to) return refused('ACCOUNT_NOT_FOUND', 'to');
    const refusal =
      refuseInactive(from, 'from') ??
      refuseInactive(to, 'to') ??
      refuseMove(from, -amount, type || 'TRANSFER');
    if (refusal) return refusal;
    const metadata = modelMetadata(details, rate === '' ? {} : { rate });
    if (from.currency !== to.currency) return this.#convert({ from, to, amount, rate, key, metadata });
    if (rate !== '') return refused('RATE_NOT_APPLICABLE', 'rate');
    if (type === 'CONVERSION') return refused('INVALID_REQUEST', 'type');
    const movements = [
      { account: from, amount: -amount },
      { account: to, amount },
    ];
    return (
      refuseMove(to, amount, type || 'TRANSFER') ??
      this.#record({ type: type || 'TRANSFER', movements, key, metadata })
    );
  }

  #convert(wanted: {
    readonly from: ModelAccount;
    readonly to: ModelAccount;
    readonly amount: bigint;
    readonly rate: string;
    readonly key: string;
    readonly metadata: string;
  }): Outcome {
    const { from, to, amount, rate, key, metadata } = wanted;
    if (rate === '') return refused('RATE_REQUIRED', 'rate');
    const scales = [this.#scales.get(from.currency) ?? 0, this.#scales.get(to.currency) ?? 0] as const;
    const converted = modelConversion(amount, rate, scales);
    if (converted === undefined) return refused('INVALID_AMOUNT', 'rate');
    if (converted === 0n) return refused('INVALID_AMOUNT', 'amount');
    if (converted > AMOUNT_MAX) return refused('AMOUNT_OUT_OF_RANGE', 'amount');
    const [paid, received] = [this.#system('@fx', from), this.#system('@fx', to)];
    const movements = [
      { account: from, amount: -amount },
      { account: paid, amount },
      { account: to, amount: converted },
      { account: received, amount: -converted },
    ];
    return (
      refuseMove(to, converted, 'CONVERSION') ??
      refuseMove(paid, amount, 'CONVERSION') ??
      refuseMove(received, -converted, 'CONVERSION') ??
      this.#record({ type: 'CONVERSION', movements, key, metadata })
    );
  }

  #reverse({ transactionId, amount, details }: BodyOf<'reverse'>, key: string): Outcome {
    const original = this.transactions.get(transactionId);
    if (!original || original.type === 'REVERSAL') return refused('NOT_REVERSIBLE', 'transactionId');
    const left = original.amount - original.reversed;
    if (left === 0n) return refused('ALREADY_REVERSED', 'transactionId');
    const wanted = amount ?? left;
    if (wanted > left) return refused('REVERSAL_EXCEEDS_TRANSACTION', 'amount');
    const isWhole = wanted === original.amount;
    if (!isWhole && original.entries.length > 2) return refused('NOT_REVERSIBLE', 'amount');
    const movements = original.entries.map((entry, i) => {
      const account = this.#at(original.buckets[i] ?? 0, entry.accountId);
      return { account, amount: isWhole ? -entry.amount : entry.amount > 0n ? -wanted : wanted };
    });
    for (const { account, amount: moved } of movements) {
      const refusal = refuseInactive(account, 'transactionId') ?? refuseMove(account, moved, 'REVERSAL');
      if (refusal) return refusal;
    }
    const { reversed } = original;
    this.#undo?.push(() => (original.reversed = reversed));
    original.reversed += wanted;
    const metadata = modelMetadata(details, { reverses: transactionId });
    return this.#record({ type: 'REVERSAL', movements, key, metadata });
  }

  #record({ type, movements, key, metadata }: Posting): TransactionAnswer {
    const entries: ModelEntry[] = movements.map(({ account, amount }) => {
      this.#put(account);
      const { accountId, currency, balance } = account;
      this.#alter(account, { balance: balance + amount, sequence: account.sequence + 1n });
      const balances = { balanceBefore: balance, balanceAfter: balance + amount };
      return { accountId, currency, amount, ...balances, sequence: account.sequence };
    });
    const first = entries[0]?.amount ?? 0n;
    const transaction = {
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
    return { kind: 'transaction', transaction };
  }

  #replace(account: ModelAccount, after: ModelAccount): AccountAnswer {
    const isChanged = JSON.stringify(accountText(account)) !== JSON.stringify(accountText(after));
    if (isChanged) this.#alter(account, after);
    return { kind: 'account', created: false, account: accountText(account) };
  }

  #alter(account: ModelAccount, changes: Partial<ModelAccount>): void {
    const before = { ...account };
    this.#undo?.push(() => Object.assign(account, before));
    Object.assign(account, changes, { version: account.version + 1n });
  }

  #put(account: ModelAccount): void {
    const key = `${account.bucket} ${account.accountId}`;
    if (this.accounts.has(key)) return;
    this.#undo?.push(() => this.accounts.delete(key));
    this.accounts.set(key, account);
  }

  #at(bucket: number, accountId: string): ModelAccount {
    const account = this.accounts.get(`${bucket} ${accountId}`);
    if (!account) throw new Error(`the model has no ${accountId} in bucket ${bucket}`);
    return account;
  }

  /** The system account beside an account; it comes into being with its first entry. */
  #system(name: string, { bucket, currency }: ModelAccount): ModelAccount {
    const accountId = `${name}/${currency}`;
    const existing = this.accounts.get(`${bucket} ${accountId}`);
    return existing ?? { ...this.#newAccount(accountId, currency), bucket, creditLimit: null };
  }

  #newAccount(accountId: string, currency: string): ModelAccount {
    const bucket = modelBucket(accountId, this.#buckets);
    const limits = { creditLimit: 0n, minimumHold: 0n, maxBalance: null };
    const thresholds = { warningThreshold: null, criticalThreshold: null };
    const profile = { tier: '', holderId: '', agentId: '', metadata: '{}' };
    const state = { balance: 0n, version: 1n, sequence: 0n, status: 'active' as const };
    return { accountId, bucket, currency, ...state, ...limits, ...thresholds, ...profile };
  }
}
