/** What a transaction is for, with the number under which it is stored. A number is never reused. */
export const TRANSACTION_TYPE_NUMBERS = {
  DEPOSIT: 1,
  WITHDRAW: 2,
  BUY_IN: 3,
  CASH_OUT: 4,
  BLIND: 5,
  BET: 6,
  POT_WIN: 7,
  RAKE: 8,
  BONUS: 9,
  REFERRAL: 10,
  REFUND: 11,
  TRANSFER: 12,
  WAGER: 13,
  SETTLEMENT: 14,
  ADJUSTMENT: 15,
  REVERSAL: 16,
  CONVERSION: 17,
} as const;

export type TransactionType = keyof typeof TRANSACTION_TYPE_NUMBERS;

/** Committed facts that move no value; numbers from 100, in the same column as transaction types. */
export const ACCOUNT_FACT_NUMBERS = {
  ACCOUNT_OPENED: 101,
  ACCOUNT_UPDATED: 102,
  ACCOUNT_STATUS_CHANGED: 103,
  /** The stored row did not agree with the account's entries and open reservations, and was restored to them. */
  ACCOUNT_RECONCILED: 104,
} as const;

/** Steps of a reservation that move no value; its commit is a transaction. */
export const RESERVATION_FACT_NUMBERS = {
  RESERVATION_HELD: 111,
  RESERVATION_RELEASED: 112,
  RESERVATION_EXPIRED: 113,
  RESERVATION_EXTENDED: 114,
} as const;

/** The end of a pot: what was paid are transactions of their own. */
export const POT_FACT_NUMBERS = {
  POT_SETTLED: 121,
  POT_CANCELLED: 122,
} as const;

export type PotFactKind = keyof typeof POT_FACT_NUMBERS;
export type AccountFactKind = keyof typeof ACCOUNT_FACT_NUMBERS;
export type ReservationFactKind = keyof typeof RESERVATION_FACT_NUMBERS;
export type FactKind = TransactionType | AccountFactKind | ReservationFactKind | PotFactKind;

const FACT_NUMBERS: Readonly<Record<FactKind, number>> = {
  ...TRANSACTION_TYPE_NUMBERS,
  ...ACCOUNT_FACT_NUMBERS,
  ...RESERVATION_FACT_NUMBERS,
  ...POT_FACT_NUMBERS,
};

/** The number under which a fact of this kind is stored. */
export function factNumber(kind: FactKind): number {
  return FACT_NUMBERS[kind];
}

/** True for the name of a transaction type. */
export function isTransactionType(name: string): name is TransactionType {
  return Object.hasOwn(TRANSACTION_TYPE_NUMBERS, name);
}

/** True for the name of a kind of fact. */
export function isFactKind(name: string): name is FactKind {
  return Object.hasOwn(FACT_NUMBERS, name);
}

const KINDS = new Map<number, FactKind>();
for (const name of Object.keys(FACT_NUMBERS)) if (isFactKind(name)) KINDS.set(factNumber(name), name);

/** The kind stored under a number, or undefined when there is none: the row was not written by this platform. */
export function factKind(number: number): FactKind | undefined {
  return KINDS.get(number);
}

// What was won, is corrected or goes back to its owner is never stopped by a ceiling.
const IGNORES_CEILING: ReadonlySet<TransactionType> = new Set([
  'SETTLEMENT',
  'POT_WIN',
  'CASH_OUT',
  'REVERSAL',
  'ADJUSTMENT',
]);

/** True when a credit of this type may take an account above its maximum balance. */
export function ignoresCeiling(type: TransactionType): boolean {
  return IGNORES_CEILING.has(type);
}
