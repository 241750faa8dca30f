import type { balanceV1 } from '@steelyard/contracts/grpc';
import { accountText } from './comparable.js';
import { DEFAULT_CURRENCY, type ModelBooks, type Posting } from './model-books.js';
import { applyLimits, modelConversion, modelMetadata, sortedJson } from './model-parts.js';
import { isReservationStep, ModelReservations } from './model-reservations.js';
import { ModelTables } from './model-tables.js';
import { CHANGES, NO_DETAILS, refuseInactive, refuseLimits, refuseMove } from './model-rules.js';
import {
  AMOUNT_MAX,
  refused,
  type AccountAnswer,
  type Answer,
  type Body,
  type BodyOf,
  type ModelAccount,
  type RefusedAnswer,
  type TransactionAnswer,
} from './model.types.js';

/** Accounts and transactions, and what each command does to them. */
export class ModelLedger {
  readonly #books: ModelBooks;
  readonly #reservations: ModelReservations;
  readonly #tables: ModelTables;

  constructor(books: ModelBooks) {
    this.#books = books;
    this.#tables = new ModelTables(books);
    this.#reservations = new ModelReservations(books, this.#tables);
  }

  /** What a command refers to by an id of the platform is looked up before anything is executed. */
  refuseUnknown({ body }: balanceV1.Command): RefusedAnswer | undefined {
    if (body && isReservationStep(body)) return this.#reservations.refuseUnknown(body.value.reservationId);
    if (body?.$case !== 'reverse' || this.#books.transactions.has(body.value.transactionId)) return undefined;
    return refused('TRANSACTION_NOT_FOUND', 'transactionId');
  }

  /** By the clock alone, whether or not anybody looks. */
  expire(): void {
    this.#reservations.expire();
  }

  /** The account that an idempotency key belongs to. */
  ownerOf(body: Body): string {
    if (isReservationStep(body)) return this.#reservations.accountOf(body.value.reservationId);
    switch (body.$case) {
      case 'transfer':
        return body.value.fromAccountId;
      case 'reverse':
        return this.#books.transactions.get(body.value.transactionId)?.entries[0]?.accountId ?? '';
      case 'settlePot':
      case 'cancelPot':
        return `@pot/${body.value.tableId}/${body.value.handId}`;
      case 'cashOut':
      case 'contribute':
      case 'returnContribution':
      case 'setTablePolicy':
        return `@table/${body.value.tableId}`;
      default:
        return body.value.accountId;
    }
  }

  decide(body: Body, key: string): Answer {
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
      case 'reserve':
      case 'commitReservation':
      case 'releaseReservation':
      case 'extendReservation':
        return this.#reservations.decide(body, key);
      default:
        return this.#tables.decide(body, key);
    }
  }

  #open(wanted: BodyOf<'openAccount'>): Answer {
    const { accountId, currency, initialBalance, details } = wanted;
    const existing = this.#books.find(accountId);
    if (existing && currency !== '' && currency !== existing.currency) {
      return refused('CURRENCY_MISMATCH', 'currency');
    }
    if (existing) return { kind: 'account', created: false, account: accountText(existing) };
    const account = this.#books.newAccount(accountId, currency || DEFAULT_CURRENCY);
    if (!this.#books.deployment.scales.has(account.currency)) return refused('INVALID_CURRENCY', 'currency');
    applyLimits(account, wanted.limits);
    account.tier = wanted.tier ?? '';
    account.holderId = wanted.holderId ?? '';
    account.agentId = details?.agentId ?? '';
    account.metadata = sortedJson(JSON.parse(details?.metadataJson || '{}'));
    const opened = { ...account, balance: initialBalance };
    const refusal = refuseMove(account, initialBalance, 'DEPOSIT') ?? refuseLimits(opened);
    if (refusal) return refusal;
    if (initialBalance !== 0n) {
      const world = this.#books.system('@world', account);
      const outOfRange = refuseMove(world, -initialBalance, 'DEPOSIT');
      if (outOfRange) return outOfRange;
      const movements = [
        { account, amount: initialBalance },
        { account: world, amount: -initialBalance },
      ];
      this.#record({ type: 'DEPOSIT', movements, key: '', metadata: '' });
    }
    this.#books.put(account);
    return { kind: 'account', created: true, account: accountText(account) };
  }

  #update(wanted: BodyOf<'updateAccount'>): Answer {
    const account = this.#books.find(wanted.accountId);
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

  #setStatus({ accountId, status }: BodyOf<'setAccountStatus'>): Answer {
    const account = this.#books.find(accountId);
    if (!account) return refused('ACCOUNT_NOT_FOUND', 'accountId');
    if (account.status === 'closed' && status !== 'closed') return refused('ACCOUNT_CLOSED', 'accountId');
    if (status === 'closed' && (account.balance !== 0n || account.held !== 0n))
      return refused('ACCOUNT_NOT_EMPTY', 'accountId');
    return this.#replace(account, { ...account, status: status as ModelAccount['status'] });
  }

  #change({ accountId, amount, changeType, details }: BodyOf<'change'>, key: string): Answer {
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
  }): Answer {
    const { accountId, amount, currency, details, type, key } = wanted;
    const existing = this.#books.find(accountId);
    if (!existing && !wanted.opens) return refused('ACCOUNT_NOT_FOUND', 'accountId');
    const account = existing ?? this.#books.newAccount(accountId, currency || DEFAULT_CURRENCY);
    if (!existing && !this.#books.deployment.scales.has(account.currency))
      return refused('INVALID_CURRENCY', 'currency');
    if (currency !== '' && currency !== account.currency) return refused('CURRENCY_MISMATCH', 'currency');
    const other = this.#books.system(wanted.other, account);
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

  #transfer(wanted: BodyOf<'transfer'>, key: string): Answer {
    const { fromAccountId, toAccountId, amount, type, rate, details } = wanted;
    const [from, to] = [this.#books.find(fromAccountId), this.#books.find(toAccountId)];
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
  }): Answer {
    const { from, to, amount, rate, key, metadata } = wanted;
    if (rate === '') return refused('RATE_REQUIRED', 'rate');
    const scales = [
      this.#books.deployment.scales.get(from.currency) ?? 0,
      this.#books.deployment.scales.get(to.currency) ?? 0,
    ] as const;
    const converted = modelConversion(amount, rate, scales);
    if (converted === undefined) return refused('INVALID_AMOUNT', 'rate');
    if (converted === 0n) return refused('INVALID_AMOUNT', 'amount');
    if (converted > AMOUNT_MAX) return refused('AMOUNT_OUT_OF_RANGE', 'amount');
    const [paid, received] = [this.#books.system('@fx', from), this.#books.system('@fx', to)];
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

  #reverse({ transactionId, amount, details }: BodyOf<'reverse'>, key: string): Answer {
    const original = this.#books.transactions.get(transactionId);
    if (!original || original.type === 'REVERSAL') return refused('NOT_REVERSIBLE', 'transactionId');
    // What happened at a table has its own way back.
    if (original.entries.some(({ accountId }) => /^@(table|pot)\//.test(accountId)))
      return refused('NOT_REVERSIBLE', 'transactionId');
    const left = original.amount - original.reversed;
    if (left === 0n) return refused('ALREADY_REVERSED', 'transactionId');
    const wanted = amount ?? left;
    if (wanted > left) return refused('REVERSAL_EXCEEDS_TRANSACTION', 'amount');
    const isWhole = wanted === original.amount;
    if (!isWhole && original.entries.length > 2) return refused('NOT_REVERSIBLE', 'amount');
    const movements = original.entries.map((entry, i) => {
      const account = this.#books.at(original.buckets[i] ?? 0, entry.accountId);
      if (!account) throw new Error(`the model has lost ${entry.accountId}`);
      return { account, amount: isWhole ? -entry.amount : entry.amount > 0n ? -wanted : wanted };
    });
    for (const { account, amount: moved } of movements) {
      const refusal = refuseInactive(account, 'transactionId') ?? refuseMove(account, moved, 'REVERSAL');
      if (refusal) return refusal;
    }
    this.#books.change(original, { reversed: original.reversed + wanted });
    const metadata = modelMetadata(details, { reverses: transactionId });
    return this.#record({ type: 'REVERSAL', movements, key, metadata });
  }

  #record(posting: Posting): TransactionAnswer {
    return { kind: 'transaction', transaction: this.#books.record(posting) };
  }

  #replace(account: ModelAccount, after: ModelAccount): AccountAnswer {
    const isChanged = JSON.stringify(accountText(account)) !== JSON.stringify(accountText(after));
    if (isChanged) this.#books.alter(account, after);
    return { kind: 'account', created: false, account: accountText(account) };
  }
}
