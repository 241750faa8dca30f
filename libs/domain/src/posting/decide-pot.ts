import { potAccountId, refuseOutOfBounds, tableAccountId } from '../accounts/index.js';
import { isRefusal, refuse, type Refusal } from '../result/index.js';
import { netContribution, POT_SEATS_MAX, potTotal, seatOf, withSeat, type Pot } from '../tables/index.js';
import type { AccountRef } from './books.js';
import { marksOf, metadataOf } from './decide-table.js';
import type { Situation } from './decision-context.js';
import type { Plan, PlannedTransaction, Unchanged } from './plan.js';
import { potOutcomeOf } from './pot-outcome.js';
import { movementsFrom, potAccount, tableAccount } from './system-accounts.js';
import type {
  CancelPot,
  Contribute,
  ContributionType,
  ReturnContribution,
  SettlePot,
} from './table-commands.js';
import { takeFromTable } from './table-escrow.js';
import type { TransactionType } from './transaction-types.js';

const CONTRIBUTION_TRANSACTIONS: Readonly<Record<ContributionType, TransactionType>> = {
  BLIND: 'BLIND',
  ANTE: 'BLIND',
  BET: 'BET',
  CALL: 'BET',
  RAISE: 'BET',
};

/** table -> pot, by one seat. The first contribution opens the pot. */
export function decideContribution(command: Contribute, situation: Situation): Plan | Refusal {
  const { amount, seatId } = command;
  const pot = potForContribution(command, situation);
  if (isRefusal(pot)) return pot;
  const { tableRef, potRef } = accountsOf(pot);
  const table = tableAccount(tableRef, pot, situation);
  const escrow = potAccount(potRef, pot, situation);
  const grant = takeFromTable(table.account, amount);
  if (isRefusal(grant)) return grant;
  const outOfRange = refuseOutOfBounds(escrow.account, amount, true);
  if (outOfRange) return outOfRange;

  const seat = seatOf(pot, seatId) ?? { ...command, contributed: 0n, returned: 0n, won: 0n };
  const { accountId, contributed, returned, won } = seat;
  const after = withSeat(pot, { seatId, accountId, contributed: contributed + amount, returned, won });
  const [fromTable, toPot] = movementsFrom(tableRef, potRef, -amount);
  const contribution: PlannedTransaction = {
    kind: CONTRIBUTION_TRANSACTIONS[command.type],
    movements: [{ ...fromTable, ...metadataOf(grant) }, toPot],
    ...marksOf(grant),
  };
  return {
    openedAccounts: [...table.opened, ...escrow.opened],
    facts: [contribution],
    answerIndex: 0,
    pot: { after: changed(after, situation), seatId, paid: [] },
  };
}

function potForContribution(command: Contribute, { prepared, books, context }: Situation): Pot | Refusal {
  const { tableId, handId, seatId, accountId } = command;
  const existing = books.pot(prepared.homeBucket, command);
  const code = command.currency ?? existing?.currency ?? context.settings.defaultCurrency;
  if (!existing) {
    const currency = context.currencies.find(code);
    if (isRefusal(currency)) return currency;
    return {
      tableId,
      handId,
      bucket: prepared.homeBucket,
      currency: currency.code,
      status: 'ACTIVE',
      seats: [],
      rake: 0n,
      version: 0n,
      createdAtMs: context.nowMs,
      updatedAtMs: context.nowMs,
    };
  }
  const inactive = refuseUnlessActive(existing);
  if (inactive) return inactive;
  if (existing.currency !== code) {
    return refuse('CURRENCY_MISMATCH', `this pot is in ${existing.currency}, not in ${code}`, 'currency');
  }
  const seat = seatOf(existing, seatId);
  if (seat && seat.accountId !== accountId) {
    const message = `seat ${seatId} of this hand is played by ${seat.accountId}`;
    return refuse('INVALID_REQUEST', message, 'accountId');
  }
  if (!seat && existing.seats.length >= POT_SEATS_MAX) {
    return refuse('INVALID_REQUEST', `a pot has at most ${POT_SEATS_MAX} seats`, 'seatId');
  }
  return existing;
}

/** pot -> table: an uncalled bet. */
export function decideReturn(command: ReturnContribution, situation: Situation): Plan | Refusal {
  const { seatId, amount } = command;
  const pot = findPot(command, situation);
  if (isRefusal(pot)) return pot;
  const inactive = refuseUnlessActive(pot);
  if (inactive) return inactive;
  const seat = seatOf(pot, seatId);
  const left = seat ? netContribution(seat) : 0n;
  if (!seat || amount > left) {
    const message = `seat ${seatId} has ${left} in the pot, ${amount} cannot be returned`;
    return refuse('RETURN_EXCEEDS_CONTRIBUTION', message, 'amount');
  }
  const after = withSeat(pot, { ...seat, returned: seat.returned + amount });
  const plan = planRefund(pot, amount, situation);
  return isRefusal(plan) ? plan : { ...plan, pot: { after: changed(after, situation), seatId, paid: [] } };
}

/** pot -> table: all of it. Cancelling again is granted. */
export function decideCancellation(command: CancelPot, situation: Situation): Plan | Unchanged | Refusal {
  const pot = findPot(command, situation);
  if (isRefusal(pot)) return pot;
  if (pot.status === 'CANCELLED') return unchangedPot(pot);
  const inactive = refuseUnlessActive(pot);
  if (inactive) return inactive;
  const total = potTotal(pot);
  const seats = pot.seats.map((seat) => ({ ...seat, returned: seat.contributed }));
  const after = changed({ ...pot, seats, status: 'CANCELLED' }, situation);
  const refund = total === 0n ? NOTHING : planRefund(pot, total, situation);
  if (isRefusal(refund)) return refund;
  const facts = [...refund.facts, { kind: 'POT_CANCELLED' as const, pot: after }];
  return { ...refund, facts, pot: { after, paid: [] } };
}

const NOTHING: Plan = { openedAccounts: [], facts: [], answerIndex: 0 };

function planRefund(pot: Pot, amount: bigint, situation: Situation): Plan | Refusal {
  const { tableRef, potRef } = accountsOf(pot);
  const table = tableAccount(tableRef, pot, situation);
  const outOfRange = refuseOutOfBounds(table.account, amount, true);
  if (outOfRange) return outOfRange;
  const movements = movementsFrom(potRef, tableRef, -amount);
  return { openedAccounts: table.opened, facts: [{ kind: 'REFUND', movements }], answerIndex: 0 };
}

/** The pot that a command names. Refuses with POT_NOT_FOUND. */
export function findPot(
  command: ReturnContribution | CancelPot | SettlePot,
  { prepared, books }: Situation,
): Pot | Refusal {
  const { tableId, handId } = command;
  const pot = books.pot(prepared.homeBucket, command);
  return pot ?? refuse('POT_NOT_FOUND', `hand ${handId} at table ${tableId} has no pot`, 'handId');
}

/** Refuses what can be done only before a pot is settled or cancelled. */
export function refuseUnlessActive({ status, handId }: Pot): Refusal | undefined {
  if (status === 'ACTIVE') return undefined;
  return refuse('POT_NOT_ACTIVE', `the pot of hand ${handId} is ${status.toLowerCase()}`, 'handId');
}

/** The pot with what every change changes. */
export function changed(pot: Pot, { context }: Situation): Pot {
  return { ...pot, version: pot.version + 1n, updatedAtMs: context.nowMs };
}

/** The answer of a command that finds the pot closed the way it wants it: nobody is paid again. */
export function unchangedPot(pot: Pot): Unchanged {
  return { kind: 'unchanged', outcome: potOutcomeOf({ after: pot, paid: [] }, []) };
}

function accountsOf(pot: Pot): { tableRef: AccountRef; potRef: AccountRef } {
  const { bucket, tableId, currency } = pot;
  return {
    tableRef: { bucket, accountId: tableAccountId(tableId, currency) },
    potRef: { bucket, accountId: potAccountId(pot, currency) },
  };
}
