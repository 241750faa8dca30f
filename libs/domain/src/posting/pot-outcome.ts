import { invariant } from '../result/index.js';
import { netContribution, potTotal, seatOf } from '../tables/index.js';
import type { PostedTransaction, PotOutcome } from './outcome.js';
import type { PlannedPot } from './plan.js';

/** What a command on a pot answers, from the pot as it is now and the transactions that were made. */
export function potOutcomeOf(
  { after, seatId, paid }: PlannedPot,
  transactions: readonly PostedTransaction[],
): PotOutcome {
  const seat = seatId === undefined ? undefined : seatOf(after, seatId);
  const [first] = transactions;
  const { tableId, handId, currency, status, rake } = after;
  return {
    kind: 'pot',
    tableId,
    handId,
    currency,
    status,
    total: potTotal(after),
    seatContribution: seat ? netContribution(seat) : 0n,
    transactionId: transactions.length === 1 && first ? first.transactionId : null,
    rake,
    payouts: paid.map(({ seatId: winner, accountId }, i) => {
      const transaction = transactions[i];
      const entry = transaction?.entries.find((one) => one.accountId === accountId);
      invariant(transaction && entry, 'whoever is paid has an entry');
      const { transactionId } = transaction;
      const { amount, balanceAfter: newBalance } = entry;
      return { seatId: winner, accountId, amount, transactionId, newBalance };
    }),
  };
}
