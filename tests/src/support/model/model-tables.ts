import { accountText } from './comparable.js';
import { DEFAULT_CURRENCY, type ModelBooks, type Movement } from './model-books.js';
import { modelMetadata } from './model-parts.js';
import { modelShowdown, modelWinnings, netOf, type Share } from './model-payouts.js';
import { refuseClosed, refuseMove } from './model-rules.js';
import {
  AMOUNT_MAX,
  refused,
  type Answer,
  type Body,
  type BodyOf,
  type ModelAccount,
  type ModelPot,
  type ModelSeat,
  type ModelTransaction,
  type RefusedAnswer,
} from './model.types.js';

type TableCase =
  'cashOut' | 'contribute' | 'returnContribution' | 'settlePot' | 'cancelPot' | 'setTablePolicy';

/** Platform members of the metadata of a movement at a table. */
type Extra = Readonly<Record<string, string | number>>;

export function potTotal({ seats }: ModelPot): bigint {
  return [...seats.values()].reduce((total, seat) => total + netOf(seat), 0n);
}

/** What a pot is as texts; of the answer to a command. */
export function potText(pot: ModelPot): Readonly<Record<string, string>> {
  const { tableId, handId, currency, status, rake } = pot;
  return { tableId, handId, currency, status, total: `${potTotal(pot)}`, rake: `${rake}` };
}

/** Chips on tables and in pots. */
export class ModelTables {
  readonly #books: ModelBooks;

  constructor(books: ModelBooks) {
    this.#books = books;
  }

  /** Chips in play at a table, in one currency. A table that is used for the first time is strict. */
  table(tableId: string, currency: string): ModelAccount {
    const bucket = this.#books.bucketOf(tableId);
    const accountId = `@table/${tableId}/${currency}`;
    const fresh = { ...this.#books.newAccount(accountId, currency), bucket };
    return this.#books.at(bucket, accountId) ?? fresh;
  }

  decide(body: Extract<Body, { $case: TableCase }>, key: string): Answer {
    switch (body.$case) {
      case 'cashOut':
        return this.#cashOut(body.value, key);
      case 'contribute':
        return this.#contribute(body.value, key);
      case 'returnContribution':
        return this.#return(body.value, key);
      case 'settlePot':
        return this.#settle(body.value, key);
      case 'cancelPot':
        return this.#cancel(body.value, key);
      case 'setTablePolicy':
        return this.#setPolicy(body.value);
    }
  }

  #cashOut({ accountId, tableId, amount, seatId, handId, details }: BodyOf<'cashOut'>, key: string): Answer {
    const account = this.#books.find(accountId);
    if (!account) return refused('ACCOUNT_NOT_FOUND', 'accountId');
    const table = this.table(tableId, account.currency);
    const refusal =
      refuseClosed(account, 'accountId') ??
      refuseMove(account, amount, 'CASH_OUT') ??
      refuseEscrow(table, amount);
    if (refusal) return refusal;
    const played = { ...(seatId !== undefined && { seatId }), ...(handId !== '' && { handId }) };
    const metadata = modelMetadata(details, { tableId, ...played, ...this.#leave(table, amount) });
    const movements = [
      { account, amount },
      { account: table, amount: -amount },
    ];
    const transaction = this.#books.record({ type: 'CASH_OUT', movements, key, metadata });
    return { kind: 'transaction', transaction };
  }

  /** Notes how far below its deepest a movement takes a table, and gives that as metadata. */
  #leave(table: ModelAccount, amount: bigint): Extra {
    const depth = amount - table.balance;
    if (depth <= table.inflation) return {};
    const inflation = depth - table.inflation;
    this.#books.change(table, { inflation: depth, metadata: `{"inflation":"${depth}"}` });
    return { inflation: `${inflation}` };
  }

  #contribute(wanted: BodyOf<'contribute'>, key: string): Answer {
    const { tableId, handId, seatId, accountId, amount, contributionType, details } = wanted;
    const known = this.#books.pots.get(`${tableId}/${handId}`);
    const currency = wanted.currency || (known?.currency ?? DEFAULT_CURRENCY);
    if (known && known.status !== 'ACTIVE') return refused('POT_NOT_ACTIVE', 'handId');
    if (known && known.currency !== currency) return refused('CURRENCY_MISMATCH', 'currency');
    if (!this.#books.deployment.scales.has(currency)) return refused('INVALID_CURRENCY', 'currency');
    const seat = known?.seats.get(seatId);
    if (seat && seat.accountId !== accountId) return refused('INVALID_REQUEST', 'accountId');
    const table = this.table(tableId, currency);
    const bucket = this.#books.bucketOf(tableId);
    const fresh: ModelPot = {
      ...{ tableId, handId, bucket, currency },
      status: 'ACTIVE',
      seats: new Map(),
      rake: 0n,
    };
    const pot = known ?? fresh;
    const escrow = this.#escrow(pot);
    const refusal = refuseEscrow(table, amount) ?? refuseMove(escrow, amount, 'BET');
    if (refusal) return refusal;
    const type = ['BLIND', 'ANTE'].includes(contributionType) ? 'BLIND' : 'BET';
    const names = { tableId, handId, seatId, contributionType, playerAccountId: accountId };
    const metadata = modelMetadata(details, { ...names, ...this.#leave(table, amount) });
    const movements = [
      { account: table, amount: -amount },
      { account: escrow, amount },
    ];
    const transaction = this.#books.record({ type, movements, key, metadata });
    if (!known) this.#books.putPot(pot);
    const before = seat ?? { seatId, accountId, contributed: 0n, returned: 0n, won: 0n };
    this.#putSeat(pot, { ...before, contributed: before.contributed + amount });
    return this.#answer(pot, { seatId, transactions: [transaction] });
  }

  #return({ tableId, handId, seatId, amount, details }: BodyOf<'returnContribution'>, key: string): Answer {
    const pot = this.#books.pots.get(`${tableId}/${handId}`);
    if (!pot) return refused('POT_NOT_FOUND', 'handId');
    if (pot.status !== 'ACTIVE') return refused('POT_NOT_ACTIVE', 'handId');
    const seat = pot.seats.get(seatId);
    if (!seat || amount > netOf(seat)) return refused('RETURN_EXCEEDS_CONTRIBUTION', 'amount');
    const [escrow, table] = [this.#escrow(pot), this.table(tableId, pot.currency)];
    const refusal = refuseMove(table, amount, 'REFUND');
    if (refusal) return refusal;
    const metadata = modelMetadata(details, { tableId, handId, seatId });
    const movements = [
      { account: escrow, amount: -amount },
      { account: table, amount },
    ];
    const transaction = this.#books.record({ type: 'REFUND', movements, key, metadata });
    this.#putSeat(pot, { ...seat, returned: seat.returned + amount });
    return this.#answer(pot, { seatId, transactions: [transaction] });
  }

  #settle(wanted: BodyOf<'settlePot'>, key: string): Answer {
    const { tableId, handId, details } = wanted;
    const pot = this.#books.pots.get(`${tableId}/${handId}`);
    if (!pot) return refused('POT_NOT_FOUND', 'handId');
    if (pot.status === 'SETTLED') return this.#answer(pot);
    if (pot.status === 'CANCELLED') return refused('POT_NOT_ACTIVE', 'handId');
    const total = potTotal(pot);
    const rake = wanted.rake ?? this.#configuredRake(total);
    if (rake > total) return refused('INVALID_AMOUNT', 'rake');
    const shares = sharesOf(pot, wanted.payout, rake);
    if ('code' in shares) return shares;
    const paid = shares.filter(({ amount }) => amount > 0n);
    const refusal = this.#refuseWinners(pot, paid);
    if (refusal) return refusal;
    const house = this.#books.system('@house', pot);
    if (rake > 0n && house.balance + rake > AMOUNT_MAX) return refused('AMOUNT_OUT_OF_RANGE', 'amount');
    const transactions = paid.map((share) => this.#payOut(pot, share, { key, details }));
    if (rake > 0n) {
      const metadata = modelMetadata(details, { tableId, handId });
      const movements = this.#fromPot(pot, house, rake);
      transactions.push(this.#books.record({ type: 'RAKE', movements, key, metadata }));
    }
    this.#books.change(pot, { status: 'SETTLED', rake });
    for (const { seatId, amount } of paid) {
      const seat = pot.seats.get(seatId);
      if (seat) this.#putSeat(pot, { ...seat, won: seat.won + amount });
    }
    return this.#answer(pot, { paid, transactions });
  }

  #configuredRake(total: bigint): bigint {
    const { basisPoints, capChips, minPotChips } = this.#books.deployment.rake;
    if (total <= minPotChips) return 0n;
    const rake = (total * basisPoints) / 10_000n;
    return rake > capChips ? capChips : rake;
  }

  #refuseWinners(pot: ModelPot, paid: readonly Share[]): RefusedAnswer | undefined {
    const sums = new Map<string, bigint>();
    for (const { accountId, amount } of paid) {
      const account = this.#books.find(accountId);
      const sum = (sums.get(accountId) ?? 0n) + amount;
      sums.set(accountId, sum);
      if (!account) continue;
      if (account.currency !== pot.currency) return refused('CURRENCY_MISMATCH', 'winners.accountId');
      const refusal = refuseClosed(account, 'winners.accountId') ?? refuseMove(account, sum, 'POT_WIN');
      if (refusal) return refusal;
    }
    return undefined;
  }

  #payOut(
    pot: ModelPot,
    { seatId, accountId, amount }: Share,
    { key, details }: { readonly key: string; readonly details: BodyOf<'settlePot'>['details'] },
  ): ModelTransaction {
    const { tableId, handId, currency } = pot;
    const account = this.#books.find(accountId) ?? this.#books.newAccount(accountId, currency);
    const metadata = modelMetadata(details, { tableId, handId, seatId });
    const movements = this.#fromPot(pot, account, amount);
    return this.#books.record({ type: 'POT_WIN', movements, key, metadata });
  }

  #fromPot(pot: ModelPot, account: ModelAccount, amount: bigint): Movement[] {
    return [
      { account: this.#escrow(pot), amount: -amount },
      { account, amount },
    ];
  }

  #cancel({ tableId, handId, details }: BodyOf<'cancelPot'>, key: string): Answer {
    const pot = this.#books.pots.get(`${tableId}/${handId}`);
    if (!pot) return refused('POT_NOT_FOUND', 'handId');
    if (pot.status === 'CANCELLED') return this.#answer(pot);
    if (pot.status === 'SETTLED') return refused('POT_NOT_ACTIVE', 'handId');
    const total = potTotal(pot);
    const table = this.table(tableId, pot.currency);
    const refusal = refuseMove(table, total, 'REFUND');
    if (refusal) return refusal;
    const transactions: ModelTransaction[] = [];
    if (total > 0n) {
      const metadata = modelMetadata(details, { tableId, handId });
      const movements = this.#fromPot(pot, table, total);
      transactions.push(this.#books.record({ type: 'REFUND', movements, key, metadata }));
    }
    for (const seat of pot.seats.values()) this.#putSeat(pot, { ...seat, returned: seat.contributed });
    this.#books.change(pot, { status: 'CANCELLED' });
    return this.#answer(pot, { transactions });
  }

  #setPolicy({ tableId, escrowPolicy, currency }: BodyOf<'setTablePolicy'>): Answer {
    const code = currency || DEFAULT_CURRENCY;
    if (!this.#books.deployment.scales.has(code)) return refused('INVALID_CURRENCY', 'currency');
    const known = this.#books.at(this.#books.bucketOf(tableId), `@table/${tableId}/${code}`);
    const table = known ?? this.table(tableId, code);
    const isStrict = escrowPolicy === 'strict';
    if (isStrict && table.balance < 0n) return refused('LIMIT_BELOW_USAGE', 'escrowPolicy');
    const creditLimit = isStrict ? 0n : null;
    if (!known) {
      this.#books.put(table);
      this.#books.change(table, { creditLimit });
    } else if (table.creditLimit !== creditLimit) this.#books.alter(table, { creditLimit });
    return { kind: 'account', created: !known, account: accountText(table) };
  }

  #escrow({ tableId, handId, currency, bucket }: ModelPot): ModelAccount {
    const accountId = `@pot/${tableId}/${handId}/${currency}`;
    const fresh = { ...this.#books.newAccount(accountId, currency), bucket };
    return this.#books.at(bucket, accountId) ?? fresh;
  }

  #putSeat(pot: ModelPot, seat: ModelSeat): void {
    this.#books.change(pot, { seats: new Map([...pot.seats, [seat.seatId, seat]]) });
  }

  #answer(
    pot: ModelPot,
    done: {
      readonly seatId?: number;
      readonly paid?: readonly Share[];
      readonly transactions?: readonly ModelTransaction[];
    } = {},
  ): Answer {
    const { seatId, paid = [], transactions = [] } = done;
    const seat = seatId === undefined ? undefined : pot.seats.get(seatId);
    const state = { ...potText(pot), seatContribution: `${seat ? netOf(seat) : 0n}` };
    const payouts = paid.map(({ seatId: winner, accountId, amount }, i) => {
      const balance = transactions[i]?.entries[1]?.balanceAfter;
      return [`${winner}`, accountId, `${amount}`, `${balance}`];
    });
    return { kind: 'pot', state, payouts, transactions };
  }
}

/** Strict: more than is there cannot leave. */
function refuseEscrow(table: ModelAccount, amount: bigint): RefusedAnswer | undefined {
  const after = table.balance - amount;
  if (table.creditLimit !== null && after < 0n) return refused('INSUFFICIENT_ESCROW', 'amount');
  return after < -AMOUNT_MAX ? refused('AMOUNT_OUT_OF_RANGE', 'amount') : undefined;
}

/** Who gets how much of a pot without its rake, or why that cannot be said. */
function sharesOf(
  pot: ModelPot,
  payout: BodyOf<'settlePot'>['payout'],
  rake: bigint,
): readonly Share[] | RefusedAnswer {
  const chips = potTotal(pot) - rake;
  const seats = [...pot.seats.values()].sort((left, right) => left.seatId - right.seatId);
  if (payout?.$case === 'winners') {
    const { winners } = payout.value;
    const accounts = new Map<number, string>();
    for (const { seatId, accountId } of winners) {
      if ((accounts.get(seatId) ?? accountId) !== accountId)
        return refused('INVALID_REQUEST', 'winners.accountId');
      accounts.set(seatId, accountId);
    }
    if (chips === 0n) return [];
    if (winners.length === 0) return refused('INVALID_REQUEST', 'winners');
    if (winners.every(({ amount }) => amount === 0n)) return refused('INVALID_AMOUNT', 'winners.amount');
    return modelWinnings(chips, winners);
  }
  const hands = payout?.value.hands ?? [];
  if (hands.length === 0) return refused('INVALID_REQUEST', 'hands');
  const isAnothers = hands.some(
    ({ seatId, accountId }) => (pot.seats.get(seatId)?.accountId ?? accountId) !== accountId,
  );
  if (isAnothers) return refused('INVALID_REQUEST', 'hands.accountId');
  const ranks = new Map<number, number>();
  for (const { seatId, rank } of hands) {
    const seat = pot.seats.get(seatId);
    if (!seat || netOf(seat) === 0n || ranks.has(seatId)) return refused('INVALID_REQUEST', 'hands.seatId');
    ranks.set(seatId, rank);
  }
  return modelShowdown(seats, ranks, rake);
}
