import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';

const NO_DETAILS: balanceV1.Details = {
  reason: '',
  source: '',
  performedBy: '',
  agentId: '',
  metadataJson: '',
  effectiveAtMs: undefined,
};

type Body = NonNullable<balanceV1.Command['body']>;

function command(idempotencyKey: string, body: Body): balanceV1.Command {
  return { idempotencyKey, atomicGroup: 0, dryRun: false, body };
}

/** Money from the outside world; opens the account. */
export function deposit(key: string, accountId: string, amount: bigint): balanceV1.Command {
  return command(key, { $case: 'deposit', value: { accountId, amount, currency: '', details: NO_DETAILS } });
}

export function withdraw(key: string, accountId: string, amount: bigint): balanceV1.Command {
  return command(key, { $case: 'withdraw', value: { accountId, amount, currency: '', details: NO_DETAILS } });
}

export function transfer(
  key: string,
  [fromAccountId, toAccountId]: readonly [from: string, to: string],
  amount: bigint,
): balanceV1.Command {
  const value = { fromAccountId, toAccountId, amount, type: '', rate: '', details: NO_DETAILS };
  return command(key, { $case: 'transfer', value });
}

/** Where a commit moves what is held. */
export type HoldTarget = balanceV1.Reserve['target'];

export interface HoldTerms {
  readonly timeoutSeconds: number;
  /** None: out of the platform. */
  readonly target?: HoldTarget;
}

export function reserve(
  key: string,
  [accountId, amount]: readonly [accountId: string, amount: bigint],
  { timeoutSeconds, target }: HoldTerms,
): balanceV1.Command {
  const value = { accountId, amount, timeoutSeconds, target, reference: '', details: NO_DETAILS };
  return command(key, { $case: 'reserve', value });
}

/** All of it unless an amount is named. */
export function commit(key: string, reservationId: string, amount?: bigint): balanceV1.Command {
  const value = { reservationId, amount, details: NO_DETAILS };
  return command(key, { $case: 'commitReservation', value });
}

export function release(key: string, reservationId: string): balanceV1.Command {
  return command(key, { $case: 'releaseReservation', value: { reservationId, details: NO_DETAILS } });
}

export function cashOut(
  key: string,
  [tableId, accountId]: readonly [tableId: string, accountId: string],
  amount: bigint,
): balanceV1.Command {
  const value = { accountId, tableId, amount, seatId: undefined, handId: '', details: NO_DETAILS };
  return command(key, { $case: 'cashOut', value });
}

/** Which hand at which table. */
export interface Hand {
  readonly tableId: string;
  readonly handId: string;
}

/** The part of a hand that one player has. */
export interface Part {
  readonly seatId: number;
  readonly accountId: string;
  readonly amount: bigint;
}

export function contribute(key: string, hand: Hand, part: Part): balanceV1.Command {
  const value = { ...hand, ...part, contributionType: 'BET', currency: '', details: NO_DETAILS };
  return command(key, { $case: 'contribute', value });
}

/** How a hand ends. */
export interface Result {
  readonly winners: readonly Part[];
  readonly rake: bigint;
}

/** Pays out a pot as the winners' amounts are to each other. */
export function settle(key: string, hand: Hand, { winners, rake }: Result): balanceV1.Command {
  const payout = { $case: 'winners' as const, value: { winners: [...winners] } };
  return command(key, { $case: 'settlePot', value: { ...hand, payout, rake, details: NO_DETAILS } });
}

export function cancelPot(key: string, hand: Hand): balanceV1.Command {
  return command(key, { $case: 'cancelPot', value: { ...hand, details: NO_DETAILS } });
}

export function reverse(key: string, transactionId: string): balanceV1.Command {
  return command(key, { $case: 'reverse', value: { transactionId, amount: undefined, details: NO_DETAILS } });
}

/** The transaction of an outcome, or undefined when the command was refused. */
export function grantedIn(outcome: balanceV1.Outcome): moneyV1.Transaction | undefined {
  return outcome.result?.$case === 'transaction' ? outcome.result.value : undefined;
}

/** The refusal's code, or undefined when the command was granted. */
export function refusalIn(outcome: balanceV1.Outcome): string | undefined {
  return outcome.result?.$case === 'refusal' ? outcome.result.value.code : undefined;
}

export function reservationIn(outcome: balanceV1.Outcome): balanceV1.Reservation | undefined {
  return outcome.result?.$case === 'reservation' ? outcome.result.value : undefined;
}

export function potIn(outcome: balanceV1.Outcome): balanceV1.PotOutcome | undefined {
  return outcome.result?.$case === 'pot' ? outcome.result.value : undefined;
}
