import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { SeededRandom } from '@steelyard/testing/seed';
import {
  cancelPot,
  cashOut,
  commit,
  contribute,
  deposit,
  grantedIn,
  potIn,
  release,
  reservationIn,
  reserve,
  reverse,
  settle,
  transfer,
  type Hand,
  type HoldTarget,
} from './wire-commands.js';

const ACCOUNTS = 12;
const TABLES = 3;
const SEATS = 4;
const OPENING = 1_000_000n;
const DAY_SECONDS = 86_400;
/** So that what is known can be ended soon, and little of it piles up. */
const KNOWN_MAX = 200;

/** What a run must have met to be worth something. */
export const ALL_KINDS: readonly string[] = [
  ...['DEPOSIT', 'TRANSFER', 'REVERSAL', 'CASH_OUT'],
  ...['HELD', 'COMMITTED', 'RELEASED', 'ACTIVE', 'SETTLED', 'CANCELLED'],
];

/** What the sender of a command knows from its answer. */
interface Acknowledged {
  /** Transactions and steps of reservations that it made: so many are there under its key. */
  readonly effects: number;
  /** The ids in the answer; asked again, it is to be the same. */
  readonly ids: string;
}

/** Random commands of all kinds, and what is known of each. Every key is used for one command. */
export class MixedRequests {
  readonly acknowledged = new Map<string, Acknowledged>();
  /** Kinds of what was granted; without them little is proved. */
  readonly granted = new Set<string>();
  /** Sent, and never answered. */
  unknown: balanceV1.Command[] = [];
  /** Open ones of which this has seen the answer; each is ended at most once. */
  readonly #reservations: string[] = [];
  readonly #transfers: string[] = [];
  readonly #hands: Hand[] = [];
  #sent = 0;
  #handCount = 0;

  constructor(private readonly random: SeededRandom) {}

  /** Money for all accounts; chips come onto the tables with the first buy-ins. */
  opening(): balanceV1.Command[] {
    return Array.from({ length: ACCOUNTS }, (_, i) => deposit(`opening-${i}`, `account-${i}`, OPENING));
  }

  next(): balanceV1.Command {
    this.#sent += 1;
    const key = `request-${this.#sent}`;
    const kind = this.random.integer(0, 99);
    if (kind < 15) return deposit(key, this.#account(), BigInt(this.random.integer(1, 100)));
    if (kind < 30) return transfer(key, this.#pair(), 1n);
    if (kind < 35) return this.#reversal(key);
    if (kind < 50) return this.#hold(key);
    if (kind < 68) return this.#end(key);
    if (kind < 86) return this.#bet(key);
    if (kind < 94) return this.#showdown(key);
    return cashOut(key, [this.#table(), this.#account()], BigInt(this.random.integer(1, 5)));
  }

  /** Puts down what became of commands that were sent together. */
  record(commands: readonly balanceV1.Command[], outcomes: readonly balanceV1.Outcome[] | undefined): void {
    if (outcomes === undefined) this.unknown.push(...commands);
    outcomes?.forEach((outcome, i) => {
      const command = commands[i];
      if (command) this.#acknowledge(command, outcome);
    });
  }

  #acknowledge({ idempotencyKey, body }: balanceV1.Command, outcome: balanceV1.Outcome): void {
    const answer = acknowledgedBy(outcome);
    this.granted.add(kindOf(outcome));
    this.acknowledged.set(idempotencyKey, answer);
    const reservation = reservationIn(outcome);
    if (reservation && body?.$case === 'reserve') keep(this.#reservations, reservation.reservationId);
    if (body?.$case === 'transfer' && grantedIn(outcome)) keep(this.#transfers, answer.ids);
    if (body?.$case !== 'contribute' || !potIn(outcome)) return;
    const { tableId, handId } = body.value;
    if (!this.#hands.some((hand) => hand.tableId === tableId && hand.handId === handId))
      keep(this.#hands, { tableId, handId });
  }

  #account(): string {
    return `account-${this.random.integer(0, ACCOUNTS - 1)}`;
  }

  #table(): string {
    return `table-${this.random.integer(0, TABLES - 1)}`;
  }

  #pair(): readonly [string, string] {
    const from = this.random.integer(0, ACCOUNTS - 1);
    const to = (from + this.random.integer(1, ACCOUNTS - 1)) % ACCOUNTS;
    return [`account-${from}`, `account-${to}`];
  }

  #reversal(key: string): balanceV1.Command {
    const transactionId = this.#transfers.shift();
    return transactionId === undefined ? transfer(key, this.#pair(), 1n) : reverse(key, transactionId);
  }

  /** Mostly buy-ins: what is bet has to come from somewhere. */
  #hold(key: string): balanceV1.Command {
    const [from, to] = this.#pair();
    const account: HoldTarget = this.random.chance(0.5) ? undefined : { $case: 'toAccountId', value: to };
    const target: HoldTarget = this.random.chance(0.7) ? { $case: 'tableId', value: this.#table() } : account;
    // Some end by themselves before anybody ends them.
    const timeoutSeconds = this.random.chance(0.2) ? this.random.integer(1, 3) : DAY_SECONDS;
    return reserve(key, [from, BigInt(this.random.integer(2, 60))], { timeoutSeconds, target });
  }

  #end(key: string): balanceV1.Command {
    const reservationId = this.#reservations.shift();
    if (reservationId === undefined) return this.#hold(key);
    if (this.random.chance(0.2)) return release(key, reservationId);
    return commit(key, reservationId, this.random.chance(0.3) ? 1n : undefined);
  }

  #bet(key: string): balanceV1.Command {
    const known = this.#hands.at(-1);
    const isNew = known === undefined || this.random.chance(0.2);
    const hand = isNew ? { tableId: this.#table(), handId: `hand-${(this.#handCount += 1)}` } : known;
    const seatId = this.random.integer(1, SEATS);
    const amount = BigInt(this.random.integer(1, 9));
    return contribute(key, hand, { seatId, accountId: `account-${seatId}`, amount });
  }

  #showdown(key: string): balanceV1.Command {
    // Those still bet on come last.
    const hand = this.#hands.length > 3 ? this.#hands.shift() : undefined;
    if (hand === undefined) return this.#bet(key);
    if (this.random.chance(0.2)) return cancelPot(key, hand);
    const winners = Array.from({ length: this.random.integer(1, 3) }, (_, i) => ({
      seatId: i + 1,
      accountId: this.random.chance(0.05) ? `winner-${this.random.integer(0, 99)}-${i}` : `account-${i + 1}`,
      amount: BigInt(this.random.integer(1, 9)),
    }));
    return settle(key, hand, { winners, rake: BigInt(this.random.integer(0, 1)) });
  }
}

/** What an answer says that there is now. */
function acknowledgedBy(outcome: balanceV1.Outcome): Acknowledged {
  const transaction = grantedIn(outcome);
  if (transaction) return { effects: 1, ids: transaction.transactionId };
  const reservation = reservationIn(outcome);
  if (reservation) {
    const { reservationId, transactionId, status } = reservation;
    // To release what has expired is granted, and does nothing.
    return { effects: status === 'EXPIRED' ? 0 : 1, ids: `${reservationId} ${transactionId}` };
  }
  const pot = potIn(outcome);
  if (!pot) return { effects: 0, ids: '' };
  const paid = pot.payouts.map(({ transactionId }) => transactionId);
  if (paid.length === 0) return { effects: pot.transactionId === '' ? 0 : 1, ids: pot.transactionId };
  return { effects: paid.length + (pot.rake > 0n ? 1 : 0), ids: paid.join() };
}

function kindOf(outcome: balanceV1.Outcome): string {
  return grantedIn(outcome)?.type ?? reservationIn(outcome)?.status ?? potIn(outcome)?.status ?? 'nothing';
}

function keep<Item>(items: Item[], item: Item): void {
  items.push(item);
  if (items.length > KNOWN_MAX) items.shift();
}
