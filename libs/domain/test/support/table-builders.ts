import type {
  Answer,
  CancelPot,
  CashOut,
  Contribute,
  CoreSettings,
  PotOutcome,
  PotWinner,
  ReturnContribution,
  SetTablePolicy,
  SettlePot,
  ShownHand,
} from '../../src/posting/index.js';
import type { EscrowPolicy } from '../../src/tables/index.js';
import { MemoryLedger } from './memory-ledger.js';
import { commit, reservationOf, reserveBuyIn } from './reservation-builders.js';
import { deposit } from './command-builders.js';

/** The table and the hand of the builders, unless they are told otherwise. */
export const TABLE = 't-1';
export const HAND = 'h-1';

/** A bet of one seat of the hand; its account is `player-<seat>`. */
export function contribute(seatId: number, amount: bigint, changes: Partial<Contribute> = {}): Contribute {
  return {
    kind: 'contribute',
    tableId: TABLE,
    handId: HAND,
    seatId,
    accountId: playerAt(seatId),
    amount,
    type: 'BET',
    details: {},
    ...changes,
  };
}

export function returnTo(
  seatId: number,
  amount: bigint,
  changes: Partial<ReturnContribution> = {},
): ReturnContribution {
  return {
    kind: 'return-contribution',
    tableId: TABLE,
    handId: HAND,
    seatId,
    amount,
    details: {},
    ...changes,
  };
}

/** A settlement by known amounts: seat and amount, or seat, amount and another account. */
export function settle(
  winners: readonly (readonly [number, bigint, string?])[],
  changes: Partial<SettlePot> = {},
): SettlePot {
  const named = winners.map<PotWinner>(([seatId, amount, accountId = playerAt(seatId)]) => ({
    seatId,
    accountId,
    amount,
  }));
  const payout = { kind: 'winners', winners: named } as const;
  return { kind: 'settle-pot', tableId: TABLE, handId: HAND, payout, details: {}, ...changes };
}

/** A settlement by the ranks of the shown hands: seat and rank. */
export function showdown(
  ranks: readonly (readonly [number, number])[],
  changes: Partial<SettlePot> = {},
): SettlePot {
  const hands = ranks.map<ShownHand>(([seatId, rank]) => ({ seatId, accountId: playerAt(seatId), rank }));
  return settle([], { payout: { kind: 'showdown', hands }, ...changes });
}

export function cancel(changes: Partial<CancelPot> = {}): CancelPot {
  return { kind: 'cancel-pot', tableId: TABLE, handId: HAND, details: {}, ...changes };
}

export function cashOut(accountId: string, amount: bigint, changes: Partial<CashOut> = {}): CashOut {
  return { kind: 'cash-out', accountId, tableId: TABLE, amount, details: {}, ...changes };
}

export function setPolicy(policy: EscrowPolicy, changes: Partial<SetTablePolicy> = {}): SetTablePolicy {
  return { kind: 'set-table-policy', tableId: TABLE, policy, details: {}, ...changes };
}

export function playerAt(seatId: number): string {
  return `player-${seatId}`;
}

/** Gives the account funds and takes them to the table. */
export function buyIn(
  ledger: MemoryLedger,
  [accountId, tableId]: readonly [string, string],
  amount: bigint,
): void {
  ledger.execute(deposit(accountId, amount));
  const held = reservationOf(ledger.execute(reserveBuyIn([accountId, tableId], amount)));
  reservationOf(ledger.execute(commit(held)));
}

/** A ledger with a hand in which these seats have put in so much, of what they bought in with. */
export function ledgerWithHand(
  contributions: readonly (readonly [number, bigint])[],
  rake: CoreSettings['rake'] = { basisPoints: 0, capChips: 0n, minPotChips: 0n },
): MemoryLedger {
  const ledger = new MemoryLedger({ rake });
  for (const [seatId, amount] of contributions) {
    buyIn(ledger, [playerAt(seatId), TABLE], amount);
    ledger.execute(contribute(seatId, amount));
  }
  return ledger;
}

/** Seat, account, amount and new balance of everyone whom a settlement paid. */
export function paidBy(ledger: MemoryLedger, command: SettlePot): unknown[] {
  return potOf(ledger.execute(command)).payouts.map(({ seatId, accountId, amount, newBalance }) => [
    seatId,
    accountId,
    amount,
    newBalance,
  ]);
}

/** The pot that an answer is; fails when it is something else. */
export function potOf({ outcome }: Pick<Answer, 'outcome'>): PotOutcome {
  if (outcome.kind === 'pot') return outcome;
  const reason = outcome.kind === 'refusal' ? `${outcome.code}: ${outcome.message}` : outcome.kind;
  throw new Error(`expected a pot, got ${reason}`);
}

/** What each answer is: the refusal's code, or the kind of the outcome. */
export function codesOf(answers: readonly Answer[]): string[] {
  return answers.map(({ outcome }) => (outcome.kind === 'refusal' ? outcome.code : outcome.kind));
}
