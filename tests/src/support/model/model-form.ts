import type { balanceV1 } from '@steelyard/contracts/grpc';
import {
  refuseCurrency,
  refuseDetails,
  refuseId,
  refuseNegative,
  refuseNotPositive,
  refuseRange,
  type Check,
} from './model-form-parts.js';
import { refuseTableBody } from './model-form-tables.js';
import { refused, type Body, type BodyOf } from './model.types.js';

const KEY = /^[!-~]([ -~]{0,253}[!-~])?$/;
/** What is idempotent by itself. */
const FREE = [
  ...['updateAccount', 'setAccountStatus', 'commitReservation', 'releaseReservation', 'extendReservation'],
  ...['cancelPot', 'setTablePolicy'],
];
const TRANSFER_TYPES = [
  ...['', 'TRANSFER', 'CONVERSION', 'BONUS', 'REFERRAL', 'REFUND'],
  ...['WAGER', 'SETTLEMENT', 'ADJUSTMENT'],
];
const CHANGE_SIGNS: ReadonlyMap<string, number> = new Map([
  ['deposit', 1],
  ['withdrawal', -1],
  ['wager', -1],
  ['settlement', 0],
  ['adjustment', 0],
  ['system', 0],
]);

/** What is wrong with the form of a command, or undefined: checked before anything is looked up. */
export function refuseForm({ idempotencyKey, dryRun, body }: balanceV1.Command): Check {
  if (idempotencyKey !== '' && !KEY.test(idempotencyKey)) {
    return refused('INVALID_IDEMPOTENCY_KEY', 'idempotencyKey');
  }
  if (!body) return refused('INVALID_REQUEST');
  const isFree =
    FREE.includes(body.$case) || (body.$case === 'openAccount' && body.value.initialBalance === 0n);
  if (idempotencyKey === '' && !isFree && !dryRun)
    return refused('MISSING_IDEMPOTENCY_KEY', 'idempotencyKey');
  return refuseBody(body);
}

function refuseBody(body: Body): Check {
  switch (body.$case) {
    case 'openAccount': {
      const { accountId, initialBalance, details, limits } = body.value;
      return (
        refuseId(accountId, 'accountId') ??
        refuseNegative(initialBalance, 'initialBalance') ??
        refuseDetails(details) ??
        refuseLimits(limits) ??
        refuseCurrency(body.value)
      );
    }
    case 'updateAccount':
      return refuseId(body.value.accountId, 'accountId') ?? refuseLimits(body.value.limits);
    case 'setAccountStatus':
      return (
        refuseId(body.value.accountId, 'accountId') ??
        (['active', 'frozen', 'closed'].includes(body.value.status)
          ? undefined
          : refused('INVALID_REQUEST', 'status'))
      );
    case 'deposit':
    case 'withdraw':
      return (
        refuseId(body.value.accountId, 'accountId') ??
        refuseNotPositive(body.value.amount) ??
        refuseDetails(body.value.details) ??
        refuseCurrency(body.value)
      );
    case 'change':
      return refuseChange(body.value);
    case 'transfer':
      return refuseTransfer(body.value);
    case 'reverse': {
      const { amount, details } = body.value;
      return (amount === undefined ? undefined : refuseNotPositive(amount)) ?? refuseDetails(details);
    }
    default:
      return refuseTableBody(body);
  }
}

function refuseChange({ accountId, amount, changeType, details }: BodyOf<'change'>): Check {
  const sign = CHANGE_SIGNS.get(changeType);
  if (sign === undefined) return refused('INVALID_REQUEST', 'changeType');
  const fault = refuseId(accountId, 'accountId') ?? refuseRange(amount, 'amount') ?? refuseDetails(details);
  if (fault) return fault;
  const isWrong = amount === 0n || (sign > 0 && amount < 0n) || (sign < 0 && amount > 0n);
  return isWrong ? refused('INVALID_AMOUNT', 'amount') : undefined;
}

function refuseTransfer({ fromAccountId, toAccountId, amount, type, details }: BodyOf<'transfer'>): Check {
  return (
    refuseId(fromAccountId, 'from') ??
    refuseId(toAccountId, 'to') ??
    (fromAccountId === toAccountId ? refused('SAME_ACCOUNT', 'to') : undefined) ??
    refuseNotPositive(amount) ??
    (TRANSFER_TYPES.includes(type) ? undefined : refused('INVALID_REQUEST', 'type')) ??
    refuseDetails(details)
  );
}

function refuseLimits(limits: balanceV1.Limits | undefined): Check {
  const amounts = {
    creditLimit: limits?.creditLimit,
    minimumHold: limits?.minimumHold,
    maxBalance: limits?.maxBalance,
    warningThreshold: limits?.warningThreshold,
    criticalThreshold: limits?.criticalThreshold,
  };
  for (const [name, amount] of Object.entries(amounts)) {
    if (amount === undefined) continue;
    const field = `limits.${name}`;
    const fault = refuseNegative(amount, field);
    if (fault) return fault;
  }
  return undefined;
}
