import type { balanceV1 } from '@steelyard/contracts/grpc';
import { refused, SteelyardProtocolError, type Refused, type Result } from '../../answers/index.js';
import type { Keyed, WireKind } from '../../dispatch/index.js';
import type { Operations, OperationValues } from '../../operations/index.js';
import { movement, potOutcome, reservation, transaction, transfer } from './decode-values.js';

/** What came back for one command: its outcome, or the reason why the whole call was refused. */
export type GrpcReply = balanceV1.Outcome | Refused;

type Granted = Exclude<NonNullable<balanceV1.Outcome['result']>, { $case: 'refusal' }>;

/** The result of a command. @throws SteelyardProtocolError when the outcome is not what the command leads to */
export function decodeOutcome<Kind extends WireKind>(
  { kind, input, idempotencyKey }: Keyed<Kind>,
  reply: GrpcReply,
): Result<OperationValues[Kind]> {
  if ('ok' in reply) return reply;
  const { result, replayed } = reply;
  if (result === undefined) throw new SteelyardProtocolError(`the outcome of ${kind} is of an unknown kind`);
  if (result.$case === 'refusal') {
    const { code, message, field } = result.value;
    return refused(code, message, field);
  }
  return { ok: true, value: VALUES[kind](result, input), replayed, idempotencyKey };
}

type Decode<Kind extends WireKind> = (result: Granted, input: Operations[Kind]) => OperationValues[Kind];

const reservationIn = (result: Granted) => {
  if (result.$case === 'reservation') return reservation(result.value);
  throw unexpected(result, 'reservation');
};
const potIn = (result: Granted) => {
  if (result.$case === 'pot') return potOutcome(result.value);
  throw unexpected(result, 'pot');
};
const transactionIn = (result: Granted) => {
  if (result.$case === 'transaction') return result.value;
  throw unexpected(result, 'transaction');
};
const movementIn = (result: Granted, { accountId }: { readonly accountId: string }) =>
  movement(transactionIn(result), accountId);
const accountIn = (result: Granted) => {
  if (result.$case !== 'account' || !result.value.account) throw unexpected(result, 'account');
  const { accountId, balance, currency } = result.value.account;
  return { accountId, balance, currency, created: result.value.created };
};

const VALUES: { readonly [Kind in WireKind]: Decode<Kind> } = {
  openAccount: accountIn,
  deposit: movementIn,
  withdraw: movementIn,
  transfer: (result, { from, to }) => transfer(transactionIn(result), from, to),
  reverse: (result) => transaction(transactionIn(result)),
  reserve: reservationIn,
  commit: reservationIn,
  release: reservationIn,
  extend: reservationIn,
  cashOut: movementIn,
  contribute: potIn,
  returnContribution: potIn,
  settlePot: potIn,
  cancelPot: potIn,
  // Whatever the service says about the table's account: the policy is what was asked for.
  setPolicy: (_result, { tableId, escrowPolicy }) => ({ tableId, escrowPolicy }),
};

function unexpected(result: Granted, expected: Granted['$case']): SteelyardProtocolError {
  return new SteelyardProtocolError(`the outcome is ${result.$case} instead of ${expected}`);
}
