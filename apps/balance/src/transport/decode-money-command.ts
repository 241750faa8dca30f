import type { balanceV1 } from '@steelyard/contracts/grpc';
import { parseAccountId } from '@steelyard/domain/accounts';
import { parseAmount, parsePositiveAmount } from '@steelyard/domain/money';
import {
  isTransactionType,
  type Details,
  type PostToAccount,
  type TransactionType,
  type Transfer,
} from '@steelyard/domain/posting';
import { isRefusal, refuse, type Refusal } from '@steelyard/domain/result';
import type { ReverseById } from '../application/execute-commands/command-request.js';
import { decodeCurrency, decodeDetails, decodeOptionalAmount } from './decode-parts.js';

// What a caller may call a transfer; the other types are made by commands of their own.
const TRANSFER_TYPES: ReadonlySet<TransactionType> = new Set([
  'TRANSFER',
  'CONVERSION',
  'BONUS',
  'REFERRAL',
  'REFUND',
  'WAGER',
  'SETTLEMENT',
  'ADJUSTMENT',
]);
// By the source a deposit names.
const DEPOSIT_TYPES: ReadonlyMap<string, TransactionType> = new Map([
  ['BONUS', 'BONUS'],
  ['REFERRAL', 'REFERRAL'],
]);

interface ChangeRule {
  readonly type: TransactionType;
  readonly counterpart: 'world' | 'house';
  /** The only sign that makes sense, if only one does. */
  readonly sign?: 1 | -1;
}

const CHANGE_RULES: ReadonlyMap<string, ChangeRule> = new Map([
  ['deposit', { type: 'DEPOSIT', counterpart: 'world', sign: 1 }],
  ['withdrawal', { type: 'WITHDRAW', counterpart: 'world', sign: -1 }],
  ['wager', { type: 'WAGER', counterpart: 'house', sign: -1 }],
  ['settlement', { type: 'SETTLEMENT', counterpart: 'house' }],
  ['adjustment', { type: 'ADJUSTMENT', counterpart: 'world' }],
  ['system', { type: 'ADJUSTMENT', counterpart: 'world' }],
]);

export function decodeDeposit(wire: balanceV1.Deposit): PostToAccount | Refusal {
  const parts = decodePosting(wire, parsePositiveAmount(wire.amount, 'amount'));
  if (isRefusal(parts)) return parts;
  const currency = decodeCurrency(wire);
  if (isRefusal(currency)) return currency;
  const type = DEPOSIT_TYPES.get(parts.details.source ?? '') ?? 'DEPOSIT';
  const posting = { ...parts, ...currency };
  return { kind: 'post-to-account', ...posting, type, counterpart: 'world', opensAccount: true };
}

export function decodeWithdraw(wire: balanceV1.Withdraw): PostToAccount | Refusal {
  const parts = decodePosting(wire, parsePositiveAmount(wire.amount, 'amount'));
  if (isRefusal(parts)) return parts;
  const currency = decodeCurrency(wire);
  if (isRefusal(currency)) return currency;
  const posting = { ...parts, ...currency, amount: -parts.amount };
  return { kind: 'post-to-account', ...posting, type: 'WITHDRAW', counterpart: 'world', opensAccount: false };
}

export function decodeChange(wire: balanceV1.Change): PostToAccount | Refusal {
  const rule = CHANGE_RULES.get(wire.changeType);
  if (!rule) {
    const names = [...CHANGE_RULES.keys()].join(', ');
    return refuse('INVALID_REQUEST', `changeType must be one of ${names}`, 'changeType');
  }
  const parts = decodePosting(wire, parseAmount(wire.amount, 'amount'));
  if (isRefusal(parts)) return parts;
  if (parts.amount === 0n) return refuse('INVALID_AMOUNT', 'amount must not be zero', 'amount');
  const isPositive = parts.amount > 0n;
  if (rule.sign !== undefined && rule.sign > 0 !== isPositive) {
    const message = `amount of a ${wire.changeType} must be ${rule.sign > 0 ? 'positive' : 'negative'}`;
    return refuse('INVALID_AMOUNT', message, 'amount');
  }
  const source = parts.details.source ?? wire.changeType;
  const { type, counterpart } = rule;
  const details = { ...parts.details, source };
  return { kind: 'post-to-account', ...parts, details, type, counterpart, opensAccount: false };
}

export function decodeTransfer(wire: balanceV1.Transfer): Transfer | Refusal {
  const fromAccountId = parseAccountId(wire.fromAccountId, 'from');
  if (isRefusal(fromAccountId)) return fromAccountId;
  const toAccountId = parseAccountId(wire.toAccountId, 'to');
  if (isRefusal(toAccountId)) return toAccountId;
  if (fromAccountId === toAccountId) {
    return refuse('SAME_ACCOUNT', 'from and to must be two accounts', 'to');
  }
  const amount = parsePositiveAmount(wire.amount, 'amount');
  if (isRefusal(amount)) return amount;
  const type = wire.type === '' ? 'TRANSFER' : wire.type;
  if (!isTransactionType(type) || !TRANSFER_TYPES.has(type)) {
    return refuse('INVALID_REQUEST', `type must be one of ${[...TRANSFER_TYPES].join(', ')}`, 'type');
  }
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  const rate = wire.rate === '' ? {} : { rate: wire.rate };
  return { kind: 'transfer', fromAccountId, toAccountId, amount, type, ...rate, details };
}

export function decodeReverse(wire: balanceV1.Reverse): ReverseById | Refusal {
  const amount = decodeOptionalAmount(wire);
  if (isRefusal(amount)) return amount;
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  return { kind: 'reverse-by-id', transactionId: wire.transactionId, ...amount, details };
}

function decodePosting(
  wire: { accountId: string; details: balanceV1.Details | undefined },
  amount: bigint | Refusal,
): Refusal | { accountId: string; amount: bigint; details: Details } {
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  if (isRefusal(amount)) return amount;
  const details = decodeDetails(wire.details);
  return isRefusal(details) ? details : { accountId, amount, details };
}
