import type { PotOutcome, Refusal, Result, SteelyardClient } from '@steelyard/client';
import type { Ask } from './ask.js';
import { restOf, totalOf, winningsBySeat, type Hand, type Seat } from './hand.js';
import type { ReplayBooks } from './replay-books.js';
import type { RunNames } from './replay-options.js';
import type { ReplayReport } from './replay-report.js';
import type { TableBook } from './table-book.js';

// The longest there is: a replay that was killed may be finished a day later.
const HOLD_SECONDS = 86_400;

/** What all hands of a replay share. */
export interface HandTools {
  readonly ask: Ask;
  readonly names: RunNames;
  readonly books: ReplayBooks;
  readonly report: ReplayReport;
  readonly doubleCount: boolean;
}

/** A command without which the hand cannot go on was refused. */
class HandRefused extends Error {
  override readonly name = 'HandRefused';
}

/** A step of the hand, and which of its like. */
type Step = readonly [name: string, index: number];

/**
 * Plays one hand: everybody is funded with what he sits down with and buys in; the contributions go one by one, as
 * they were made; uncalled bets go back; the pot is settled; what is left of the stacks is cashed out. Every answer
 * is compared with the history. Hands of one table are played one after the other.
 */
export class HandPlay {
  readonly #tools: HandTools;
  readonly #hand: Hand;
  readonly #book: TableBook;
  #isReplayed = true;
  #isConserved = true;

  constructor(tools: HandTools, hand: Hand) {
    this.#tools = tools;
    this.#hand = hand;
    this.#book = tools.books.table(tools.names.table(hand.table));
  }

  /** Reports what deviates. Throws only when the platform cannot be asked. */
  async play(): Promise<void> {
    const escrowBefore = this.#book.escrow;
    try {
      await this.#buyIn();
      await this.#contribute();
      await this.#giveBack();
      await this.#settle();
      await this.#cashOut();
      await Promise.all([this.#comparePot(), this.#compareTable(escrowBefore)]);
    } catch (error) {
      if (!(error instanceof HandRefused)) throw error;
      this.#isConserved = false;
      this.#deviate(error.message);
    }
    this.#tools.report.addHand({ isReplayed: this.#isReplayed, isConserved: this.#isConserved });
  }

  async #buyIn(): Promise<void> {
    const { books, names } = this.#tools;
    const { tableId } = this.#book;
    const seats = this.#hand.seats.filter(({ stack }) => stack > 0n);
    await allSettled(seats, async ({ seatId, player, stack }) => {
      const accountId = names.account(player);
      const reason = `stack at ${this.#hand.table}, hand ${this.#hand.handId}`;
      const deposit = await this.#granted(['fund', seatId], (client, idempotencyKey) =>
        client.accounts.deposit({ accountId, amount: stack, reason }, { idempotencyKey }),
      );
      this.#compare(`deposit of seat ${seatId}`, deposit.amount, stack);
      books.deposited(accountId, deposit.amount);
      const hold = { accountId, tableId, amount: stack, timeoutSeconds: HOLD_SECONDS };
      const { reservationId } = await this.#granted(['hold', seatId], (client, idempotencyKey) =>
        client.reservations.reserve(hold, { idempotencyKey }),
      );
      const { captured } = await this.#granted(['buy-in', seatId], (client, idempotencyKey) =>
        client.reservations.commit({ reservationId }, { idempotencyKey }),
      );
      this.#compare(`buy-in of seat ${seatId}`, captured, stack);
      books.boughtIn(accountId, this.#book, captured);
    });
  }

  async #contribute(): Promise<void> {
    const { books, names } = this.#tools;
    const { handId, contributions } = this.#hand;
    const made: (typeof contributions)[number][] = [];
    for (const [index, contribution] of contributions.entries()) {
      const { seatId, player, type, amount } = contribution;
      const input = {
        tableId: this.#book.tableId,
        handId,
        seatId,
        accountId: names.account(player),
        amount,
        type,
      };
      const pot = await this.#granted(['contribute', index], (client, idempotencyKey) =>
        client.tables.contribute(input, { idempotencyKey }),
      );
      books.contributed(this.#book, amount);
      made.push(contribution);
      const ofSeat = totalOf(made.filter((other) => other.seatId === seatId));
      this.#compare(`pot after contribution ${index + 1}`, pot.total, totalOf(made));
      this.#compare(`seat ${seatId} after contribution ${index + 1}`, pot.seatContribution, ofSeat);
    }
  }

  async #giveBack(): Promise<void> {
    const { handId, returned, contributions } = this.#hand;
    let expected = totalOf(contributions);
    for (const [index, { seatId, amount }] of returned.entries()) {
      const input = { tableId: this.#book.tableId, handId, seatId, amount };
      const pot = await this.#granted(['return', index], (client, idempotencyKey) =>
        client.tables.returnContribution(input, { idempotencyKey }),
      );
      this.#tools.books.returned(this.#book, amount);
      expected -= amount;
      this.#compare(`pot after the uncalled bet of seat ${seatId}`, pot.total, expected);
    }
  }

  async #settle(): Promise<void> {
    const { names, books } = this.#tools;
    const { handId, rake, winners } = this.#hand;
    const payees = winners.map(({ seatId, player, amount }) => ({
      seatId,
      accountId: names.account(player),
      amount,
    }));
    const settled = await this.#granted(['settle', 0], (client, idempotencyKey) =>
      client.tables.settle(
        { tableId: this.#book.tableId, handId, winners: payees, rake },
        { idempotencyKey },
      ),
    );
    this.#compare('rake', settled.rake, rake);
    books.raked(settled.rake);
    for (const { accountId, amount } of settled.payouts) books.won(accountId, amount);
    this.#compareWinners(settled);
    if (totalOf(settled.payouts) + settled.rake !== this.#hand.totalPot) this.#isConserved = false;
  }

  #compareWinners({ payouts }: PotOutcome): void {
    const { names, report } = this.#tools;
    const winnings = winningsBySeat(this.#hand);
    for (const [seatId, won] of winnings) {
      const player = this.#hand.seats.find((seat) => seat.seatId === seatId)?.player ?? '';
      const own = payouts.filter((payout) => payout.seatId === seatId);
      const isOwn = own.every(({ accountId }) => accountId === names.account(player));
      if (!isOwn) this.#deviate(`seat ${seatId} was not paid to ${player}`);
      report.addWinner(this.#compare(`winnings of seat ${seatId}`, totalOf(own), won) && isOwn);
    }
    const stranger = payouts.find(({ seatId }) => !winnings.has(seatId));
    if (stranger) this.#deviate(`seat ${stranger.seatId} was paid ${stranger.amount} and won nothing`);
  }

  async #cashOut(): Promise<void> {
    const { names, report, doubleCount } = this.#tools;
    const winnings = winningsBySeat(this.#hand);
    const cashOutSeat = async (seat: Seat): Promise<void> => {
      const again = doubleCount ? (winnings.get(seat.seatId) ?? 0n) : 0n;
      const amount = restOf(this.#hand, seat) + again;
      if (amount === 0n) return;
      const refusal = await this.#cashOutSeat(seat, names.account(seat.player), amount);
      report.addCashOut(amount, refusal === undefined);
      const isExpected = doubleCount && refusal?.code === 'INSUFFICIENT_ESCROW';
      if (refusal && !isExpected) throw refusedStep(`cash-out of seat ${seat.seatId}`, refusal);
    };
    if (!doubleCount) return allSettled(this.#hand.seats, cashOutSeat);
    // The table cannot cover all of them: in seat order it is known who comes first, in every run.
    for (const seat of this.#hand.seats) await cashOutSeat(seat);
  }

  async #cashOutSeat({ seatId }: Seat, accountId: string, amount: bigint): Promise<Refusal | undefined> {
    const { tableId } = this.#book;
    const input = { tableId, accountId, amount, seatId, handId: this.#hand.handId };
    const result = await this.#send(['cash-out', seatId], (client, idempotencyKey) =>
      client.tables.cashOut(input, { idempotencyKey }),
    );
    if (!result.ok) return result.error;
    this.#compare(`cash-out of seat ${seatId}`, result.value.amount, amount);
    this.#tools.books.cashedOut(accountId, this.#book, result.value.amount);
    return undefined;
  }

  /** The pot as it is kept, seat by seat: true in every run, also where nothing was moved. */
  async #comparePot(): Promise<void> {
    const { handId, seats, contributions, returned, totalPot, rake } = this.#hand;
    const found = await this.#tools.ask((client) => client.tables.pot(this.#book.tableId, handId));
    if (!found.ok) throw refusedStep('reading the pot', found.error);
    const pot = found.value;
    if (pot.status !== 'SETTLED') this.#deviate(`the pot is ${pot.status}, not SETTLED`);
    const isSame = [
      this.#compare('total pot', pot.total, totalPot),
      this.#compare('rake kept', pot.rake, rake),
    ];
    const winnings = winningsBySeat(this.#hand);
    for (const { seatId } of seats) {
      const kept = pot.seats.find((seat) => seat.seatId === seatId);
      const own = (amounts: typeof returned): bigint =>
        totalOf(amounts.filter((entry) => entry.seatId === seatId));
      isSame.push(
        this.#compare(`contributed by seat ${seatId}`, kept?.contributed ?? 0n, own(contributions)),
        this.#compare(`returned to seat ${seatId}`, kept?.returned ?? 0n, own(returned)),
        this.#compare(`won by seat ${seatId}`, kept?.won ?? 0n, winnings.get(seatId) ?? 0n),
      );
    }
    if (isSame.includes(false)) this.#isConserved = false;
  }

  /**
   * After a hand the table has what it had before it: then nobody took out what nobody brought. In the broken game a
   * hand that leaves more is conserved too: those are chips that were refused.
   */
  async #compareTable(escrowBefore: bigint): Promise<void> {
    const { ask, doubleCount } = this.#tools;
    const { tableId, escrow } = this.#book;
    if (
      doubleCount ? escrow < escrowBefore : !this.#compare('chips left on the table', escrow, escrowBefore)
    ) {
      this.#isConserved = false;
    }
    // A hand that moved nothing was played in an earlier run: the table may be at a later hand since.
    if (this.#isReplayed) return;
    const found = await ask((client) => client.tables.table(tableId));
    if (!found.ok) throw refusedStep('reading the table', found.error);
    if (!this.#compare("the table's escrow", found.value.escrow, escrow)) this.#isConserved = false;
  }

  async #granted<Value>(
    step: Step,
    call: (client: SteelyardClient, idempotencyKey: string) => Promise<Result<Value>>,
  ): Promise<Value> {
    const result = await this.#send(step, call);
    if (result.ok) return result.value;
    throw refusedStep(step.join(' '), result.error);
  }

  async #send<Value>(
    [name, index]: Step,
    call: (client: SteelyardClient, idempotencyKey: string) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    const { ask, names, report } = this.#tools;
    const key = names.key(this.#hand.table, this.#hand.handId, name, index);
    const result = await ask((client) => call(client, key));
    if (!result.ok) return result;
    report.addCommand(result.replayed);
    this.#isReplayed &&= result.replayed;
    return result;
  }

  #compare(what: string, found: bigint, expected: bigint): boolean {
    if (found === expected) return true;
    this.#deviate(`${what}: expected ${expected}, found ${found}`);
    return false;
  }

  #deviate(what: string): void {
    const { handId, table } = this.#hand;
    this.#tools.report.addDeviation({ handId, table, what });
  }
}

function refusedStep(what: string, { code, message }: Refusal): HandRefused {
  return new HandRefused(`${what} was refused: ${code}: ${message}`);
}

/** Waits for all of them before it throws what went wrong with one: nothing of a hand goes on behind its back. */
async function allSettled<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(items.map(run));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
