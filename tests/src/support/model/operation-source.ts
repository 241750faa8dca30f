import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { SeededRandom } from '@steelyard/testing/seed';
import { AMOUNT_MAX, type Body, type ModelAnswer } from './model.types.js';
import { CURRENCY_OF_DIGIT, randomBody, randomDetails } from './random-bodies.js';
import { buyInHold, randomHold } from './random-holds.js';
import { RandomTables } from './random-tables.js';
import type { Operation } from './operations.js';

const BATCH_MAX = 500;
const GROUP_MAX = 6;
/** Keys that were decided long ago are repeated too, but most repetitions come soon. */
const RECENT = 2_000;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const TABLES = 10;
/** What was held so many operations ago is seldom asked for. */
const RESERVATIONS_MAX = 20_000;

/** Random operations that belong together: later ones reverse, repeat and contradict earlier ones. */
export class OperationSource {
  readonly operations: Operation[] = [];
  readonly #random: SeededRandom;
  /** Operations that became transactions. */
  readonly #posted: number[] = [];
  readonly #accounts: string[] = [];
  readonly #tables: RandomTables;
  readonly #reservations: string[] = [];
  #accountCount = 0;
  /** What is to come next, one after the other. */
  readonly #queue: balanceV1.Command[] = [];
  #batch = 0;
  #group = 0;
  #clockMs = 0;

  constructor(random: SeededRandom, accounts: number) {
    this.#random = random;
    this.#tables = new RandomTables(random, TABLES);
    for (let i = 0; i < accounts; i++) this.#accounts.push(this.#newAccount());
  }

  /** The operations of the next request; their number is random, at most `max`. */
  nextBatch(max: number): Operation[] {
    const random = this.#random;
    const size = Math.min(max, random.chance(0.1) ? random.integer(1, 5) : random.integer(200, BATCH_MAX));
    const from = this.operations.length;
    this.#batch += 1;
    this.#clockMs += this.#pause();
    while (this.operations.length < from + size) {
      if (random.chance(0.03))
        this.#pushGroup(Math.min(random.integer(1, GROUP_MAX), from + size - this.operations.length));
      else this.#push(this.#nextCommand());
    }
    return this.operations.slice(from);
  }

  /** Tells what an operation came to, so that later ones can reverse it, commit it, settle it. */
  done(index: number, answer: ModelAnswer): void {
    if (answer.kind === 'transaction') this.#posted.push(index);
    if (answer.kind === 'pot') this.#tables.answered(answer);
    if (answer.kind !== 'reservation') return;
    const isNew = answer.state['status'] === 'HELD' && this.#isReserve(index);
    if (isNew) this.#reservations.push(`%r${index}`);
    else if (answer.transaction) this.#posted.push(index);
    if (this.#reservations.length > RESERVATIONS_MAX) this.#reservations.shift();
  }

  #isReserve(index: number): boolean {
    return this.operations[index]?.command.body?.$case === 'reserve';
  }

  /** Whole seconds mostly, so that expiries are met to the millisecond; sometimes not at all, sometimes hours. */
  #pause(): number {
    const random = this.#random;
    if (random.chance(0.3)) return 0;
    if (random.chance(0.01)) return random.integer(1, 25) * HOUR_MS;
    const seconds = random.integer(1, random.chance(0.8) ? 10 : 100);
    return seconds * SECOND_MS + (random.chance(0.2) ? random.integer(-1, 1) : 0);
  }

  #pushGroup(size: number): void {
    const random = this.#random;
    this.#group += 1;
    const isDryRun = random.chance(0.1);
    for (let i = 0; i < size; i++) {
      // Mostly simple movements, so that many groups are granted; seldom one that only asks among others.
      const command = random.chance(0.8) ? this.#fresh(this.#likelyBody()) : this.#nextCommand();
      const dryRun = isDryRun !== random.chance(0.01);
      this.#push({ ...command, atomicGroup: this.#group, dryRun });
    }
  }

  #push(command: balanceV1.Command): void {
    const index = this.operations.length;
    this.operations.push({ index, batch: this.#batch, atMs: this.#clockMs, command });
  }

  #nextCommand(): balanceV1.Command {
    const random = this.#random;
    if (random.chance(0.002))
      this.#accounts[random.integer(0, this.#accounts.length - 1)] = this.#newAccount();
    if (random.chance(0.001)) this.#queue.push(...this.#shortLife());
    const queued = this.#queue.shift();
    if (queued) return queued;
    const earlier = this.#earlier();
    if (earlier && random.chance(0.08)) return { ...earlier, atomicGroup: 0, dryRun: false };
    if (earlier && random.chance(0.03)) return this.#contradict(earlier);
    if (random.chance(0.02)) return this.#malformed();
    const command = this.#fresh(this.#body());
    // Some commands need no key.
    if (random.chance(0.1) && isKeyless(command.body)) return { ...command, idempotencyKey: '' };
    return random.chance(0.03) ? { ...command, dryRun: true } : command;
  }

  #body(): Body {
    const random = this.#random;
    const kind = random.integer(0, 99);
    if (kind < 7 && this.#posted.length > 0) return this.#reversal();
    if (kind < 27) return this.#hold();
    if (kind < 50) return this.#tables.randomBody(this.#accounts);
    return randomBody(random, this.#accounts);
  }

  #hold(): Body {
    const random = this.#random;
    const { tables } = this.#tables;
    const posted = `%t${this.#posted.at(-1) ?? 0}`;
    const names = { accounts: this.#accounts, tables, reservations: this.#reservations, posted };
    if (random.chance(0.85)) return randomHold(random, names);
    const tableId = random.pick(tables);
    const players = this.#accounts.filter((accountId) => accountId.at(-1) === tableId.at(-1));
    return buyInHold(random, random.pick(players), tableId);
  }

  /** An account that is closed soon: those in use are hardly ever empty. */
  #shortLife(): balanceV1.Command[] {
    const accountId = `%c${this.operations.length}`;
    const money = { accountId, amount: 5n, currency: '', details: undefined };
    const closed = { accountId, status: 'closed', performedBy: '', reason: '' };
    const bodies: readonly Body[] = [
      { $case: 'deposit', value: money },
      { $case: 'withdraw', value: money },
      { $case: 'setAccountStatus', value: closed },
      { $case: 'deposit', value: money },
    ];
    return bodies.map((body, i) => ({ ...this.#fresh(body), idempotencyKey: `${accountId}-${i}` }));
  }

  #likelyBody(): Body {
    const accountId = this.#random.pick(this.#accounts);
    const currency = currencyOf(accountId);
    const amount = BigInt(this.#random.integer(1, 50));
    return { $case: 'deposit', value: { accountId, amount, currency, details: undefined } };
  }

  #reversal(): Body {
    const random = this.#random;
    const near = Math.max(0, this.#posted.length - 300);
    const from = random.chance(0.8) ? near : 0;
    const posted = `%t${this.#posted[random.integer(from, this.#posted.length - 1)] ?? 0}`;
    // What is held is no transaction.
    const isOther = this.#reservations.length > 0 && random.chance(0.01);
    const transactionId = isOther ? random.pick(this.#reservations) : posted;
    const amount = random.chance(0.4) ? BigInt(random.integer(1, 400)) : undefined;
    return { $case: 'reverse', value: { transactionId, amount, details: randomDetails(random) } };
  }

  /** An earlier command of which the key is known. */
  #earlier(): balanceV1.Command | undefined {
    const count = this.operations.length;
    if (count === 0) return undefined;
    const from = this.#random.chance(0.9) ? Math.max(0, count - RECENT) : 0;
    return this.operations[this.#random.integer(from, count - 1)]?.command;
  }

  /** The same key for another request. */
  #contradict({ idempotencyKey, body }: balanceV1.Command): balanceV1.Command {
    const random = this.#random;
    const other = body && random.chance(0.7) ? altered(body, random) : this.#body();
    return { idempotencyKey, atomicGroup: 0, dryRun: false, body: other };
  }

  #malformed(): balanceV1.Command {
    const random = this.#random;
    const command = this.#fresh(this.#body());
    const { body } = command;
    const kind = random.integer(0, 4);
    if (kind === 0)
      return { ...command, idempotencyKey: random.pick(['', ' ', 'é', 'a\n', 'x'.repeat(256)]) };
    if (kind === 1) return { ...command, body: undefined };
    if (body && kind === 2 && 'accountId' in body.value) {
      const accountId = random.pick(['', '@world/CHIPS', 'a b', 'x'.repeat(129), 'a/b']);
      return { ...command, body: { $case: body.$case, value: { ...body.value, accountId } } as Body };
    }
    if (body && kind === 2 && 'tableId' in body.value) {
      const tableId = random.pick(['', '@world', 'a b', 'x'.repeat(129), 'a/b']);
      return { ...command, body: { $case: body.$case, value: { ...body.value, tableId } } as Body };
    }
    if (kind === 3) return this.#fresh(this.#unknownCurrency());
    const amount = random.pick([0n, -1n, AMOUNT_MAX + 1n, 2n ** 63n - 1n, -(2n ** 63n)]);
    const accountId = random.pick(this.#accounts);
    return {
      ...command,
      body: { $case: 'deposit', value: { accountId, amount, currency: '', details: undefined } },
    };
  }

  /** On an account that nobody else uses, so that it is not there yet. */
  #unknownCurrency(): Body {
    const accountId = `%x${this.operations.length}`;
    return { $case: 'deposit', value: { accountId, amount: 1n, currency: 'XXX', details: undefined } };
  }

  #fresh(body: Body): balanceV1.Command {
    return { idempotencyKey: `%k${this.operations.length}`, atomicGroup: 0, dryRun: false, body };
  }

  /** The last digit of an account's number says its currency. */
  #newAccount(): string {
    this.#accountCount += 1;
    return `%a${this.#accountCount}`;
  }
}

/** The currency that the accounts of a number mostly get. */
export function currencyOf(accountId: string): string {
  return CURRENCY_OF_DIGIT[Number.parseInt(accountId.slice(-1), 10)] ?? 'CHIPS';
}

function isKeyless(body: Body | undefined): boolean {
  const cases = [
    'commitReservation',
    'releaseReservation',
    'extendReservation',
    'cancelPot',
    'setTablePolicy',
  ];
  return cases.includes(body?.$case ?? '');
}

function altered(body: Body, random: SeededRandom): Body {
  if ('amount' in body.value && body.value.amount !== undefined && random.chance(0.5)) {
    // Away from the end of int64, which an amount may be at.
    const amount = body.value.amount > 0n ? body.value.amount - 1n : body.value.amount + 1n;
    return { $case: body.$case, value: { ...body.value, amount } } as Body;
  }
  if (!('details' in body.value)) return body;
  const details = { ...randomDetails(random), reason: `another ${random.integer(0, 9)}` };
  return { $case: body.$case, value: { ...body.value, details } } as Body;
}
