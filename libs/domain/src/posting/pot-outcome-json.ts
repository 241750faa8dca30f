import { isJsonObject, type JsonObject, type JsonValue } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import { POT_STATUSES } from '../tables/index.js';
import type { PaidOut, PotOutcome } from './outcome.js';

/** The answer to a command on a pot as JSON. Amounts are texts of digits: exact for every reader. */
export function potOutcomeToJson(outcome: PotOutcome): JsonObject {
  const { tableId, handId, currency, status, transactionId } = outcome;
  return {
    tableId,
    handId,
    currency,
    status,
    transactionId,
    total: outcome.total.toString(),
    seatContribution: outcome.seatContribution.toString(),
    rake: outcome.rake.toString(),
    payouts: outcome.payouts.map((payout) => ({
      ...payout,
      amount: payout.amount.toString(),
      newBalance: payout.newBalance.toString(),
    })),
  };
}

/** The answer that {@link potOutcomeToJson} wrote. Anything else is a bug or a damaged row. */
export function potOutcomeFromJson(json: JsonObject): PotOutcome {
  const status = POT_STATUSES.find((known) => known === json['status']);
  const { payouts } = json;
  invariant(status && Array.isArray(payouts), 'pot outcome: no status or no payouts');
  return {
    kind: 'pot',
    tableId: text(json, 'tableId'),
    handId: text(json, 'handId'),
    currency: text(json, 'currency'),
    status,
    total: BigInt(text(json, 'total')),
    seatContribution: BigInt(text(json, 'seatContribution')),
    transactionId: json['transactionId'] === null ? null : text(json, 'transactionId'),
    rake: BigInt(text(json, 'rake')),
    payouts: payouts.map(payoutFromJson),
  };
}

function payoutFromJson(json: JsonValue): PaidOut {
  invariant(isJsonObject(json), 'pot outcome: a payout is no object');
  const { seatId } = json;
  invariant(typeof seatId === 'number', 'pot outcome: a payout has a seat');
  return {
    seatId,
    accountId: text(json, 'accountId'),
    amount: BigInt(text(json, 'amount')),
    transactionId: text(json, 'transactionId'),
    newBalance: BigInt(text(json, 'newBalance')),
  };
}

function text(json: JsonObject, name: string): string {
  const value = json[name];
  invariant(typeof value === 'string', `pot outcome: ${name} is not a text`);
  return value;
}
