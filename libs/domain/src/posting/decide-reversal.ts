import { refuseOutOfBounds, refuseUnlessActive, tableIdOf } from '../accounts/index.js';
import { invariant, refuse, type Refusal } from '../result/index.js';
import type { Books } from './books.js';
import type { Reverse, ReversibleTransaction } from './commands.js';
import type { Situation } from './decision-context.js';
import type { Movement, Plan } from './plan.js';

/** Moves back what a transaction moved. Nothing is edited: it is a new transaction that names the old one. */
export function decideReversal(command: Reverse, { books }: Situation): Plan | Refusal {
  const { original } = command;
  if (original.type === 'REVERSAL') {
    return refuse(
      'NOT_REVERSIBLE',
      'a reversal cannot be reversed; post the movement again',
      'transactionId',
    );
  }
  // Taken back behind the back of the pot, its seats would say that it holds more than it does, and under observe a
  // table would go below zero unmarked. What happened at a table has its own way back.
  if (original.legs.some(({ accountId }) => tableIdOf(accountId) !== undefined)) {
    const message = 'chips of a table move by buy-in, cash-out, return, settlement and cancellation only';
    return refuse('NOT_REVERSIBLE', message, 'transactionId');
  }
  const reversed = books.get(original.key.bucket).reversals.get(original.key.sequence) ?? 0n;
  const amount = amountToReverse(command, reversed);
  if (typeof amount !== 'bigint') return amount;
  const total = movedBy(original);
  const movements = original.legs.map<Movement>(({ bucket, accountId, amount: moved }) => ({
    bucket,
    accountId,
    // A partial reversal is of a transaction with two legs: each moved the whole amount.
    amount: amount === total ? -moved : moved > 0n ? -amount : amount,
  }));
  const refusal = refuseMovements(movements, books);
  if (refusal) return refusal;
  const facts = [
    { kind: 'REVERSAL' as const, movements, reversed: { key: original.key, total: reversed + amount } },
  ];
  return { openedAccounts: [], facts, answerIndex: 0 };
}

function amountToReverse(command: Reverse, reversed: bigint): bigint | Refusal {
  const { original } = command;
  const total = movedBy(original);
  const left = total - reversed;
  if (left <= 0n) {
    return refuse(
      'ALREADY_REVERSED',
      `transaction ${original.transactionId} is reversed in full`,
      'transactionId',
    );
  }
  const amount = command.amount ?? left;
  if (amount > left) {
    const message = `${left} of ${total} are left to reverse, ${amount} was asked`;
    return refuse('REVERSAL_EXCEEDS_TRANSACTION', message, 'amount');
  }
  if (amount < total && original.legs.length > 2) {
    const message = 'a transaction with more than two entries can only be reversed in full';
    return refuse('NOT_REVERSIBLE', message, 'amount');
  }
  return amount;
}

/** What the transaction moved, in the currency of its first entry. */
function movedBy(original: ReversibleTransaction): bigint {
  const first = original.legs[0];
  invariant(first, 'a transaction has entries');
  return first.amount < 0n ? -first.amount : first.amount;
}

function refuseMovements(movements: readonly Movement[], books: Books): Refusal | undefined {
  for (const movement of movements) {
    const account = books.account(movement);
    invariant(account, 'an account with entries exists');
    // Corrections are not stopped by ceilings, but what has been spent cannot be taken back.
    const refusal =
      refuseUnlessActive(account, 'transactionId') ?? refuseOutOfBounds(account, movement.amount, true);
    if (refusal) return refusal;
  }
  return undefined;
}
