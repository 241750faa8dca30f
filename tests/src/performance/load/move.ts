import { seededRandom, type SeededRandom } from '@steelyard/testing/seed';
import { accountChoice, otherThan, type Load } from './account-choice.js';

/** What a command carries besides its money; it goes under the checksums of its entries. */
export interface Particulars {
  readonly reason?: string;
  readonly metadata?: { readonly order: number };
}

interface MoveParts {
  readonly key: string;
  readonly amount: number;
  readonly particulars: Particulars;
}

export interface TransferMove extends MoveParts {
  readonly kind: 'transfer';
  readonly from: string;
  readonly to: string;
}

export interface DepositMove extends MoveParts {
  readonly kind: 'deposit';
  readonly accountId: string;
}

/** One command of a load, before it takes the form of an interface. Amounts are minor units. */
export type Move = TransferMove | DepositMove;
export type MoveKind = Move['kind'];

export interface MoveOptions {
  /** Begins every idempotency key; must differ between the sources of one database. */
  readonly keyPrefix: string;
  readonly kind: MoveKind;
  readonly load: Load;
  readonly accounts: number;
  /** Without reason and metadata. */
  readonly isBare?: boolean;
}

const AMOUNT_MAX = 100;
/** What every account is given before the load: no load ever meets an empty account. */
export const OPENING_BALANCE = 1_000_000_000;
// Every run meets the same accounts in the same order.
const SEED = 20_261_121;

/** Makes the commands of one load, each with a key of its own. */
export class MoveSource {
  readonly #options: MoveOptions;
  readonly #random: SeededRandom = seededRandom(SEED);
  readonly #choose: () => number;
  #made = 0;

  constructor(options: MoveOptions) {
    this.#options = options;
    this.#choose = accountChoice(options.load, options.accounts, this.#random);
  }

  next(): Move {
    const { keyPrefix, kind, accounts, isBare = false } = this.#options;
    const order = ++this.#made;
    const key = `${keyPrefix}-${order}`;
    const particulars = isBare ? {} : { reason: 'order', metadata: { order } };
    const amount = this.#random.integer(1, AMOUNT_MAX);
    const chosen = this.#choose();
    if (kind === 'deposit') return { kind, key, accountId: accountId(chosen), amount, particulars };
    const other = otherThan(chosen, accounts, this.#random);
    // A hot account pays as often as it is paid: its balance wanders and does not drain.
    const [from, to] = this.#random.chance(0.5) ? [chosen, other] : [other, chosen];
    return { kind, key, from: accountId(from), to: accountId(to), amount, particulars };
  }

  take(count: number): Move[] {
    return Array.from({ length: count }, () => this.next());
  }
}

/** The deposits that open the accounts of a load. */
export function* openingDeposits(accounts: number): Generator<Move, undefined> {
  for (let index = 0; index < accounts; index++) {
    yield {
      kind: 'deposit',
      key: `opening-${index}`,
      accountId: accountId(index),
      amount: OPENING_BALANCE,
      particulars: {},
    };
  }
}

export function accountId(index: number): string {
  return `customer-${index}`;
}
