import type { balanceV1 } from '@steelyard/contracts/grpc';
import { ACCOUNT_STATUSES, parseAccountId, type AccountStatus } from '@steelyard/domain/accounts';
import { parseAmount, parsePositiveAmount } from '@steelyard/domain/money';
import { isTransactionType, type TransactionType } from '@steelyard/domain/posting';
import { isRefusal, refuse, type Refusal } from '@steelyard/domain/result';
import type { CommandRequest } from '../application/execute-commands/command-request.js';
import { decodeDetails, decodeLimits, decodeText, parseMetadata, type TextRule } from './decode-parts.js';

type Decoded = CommandRequest['command'];
type Body = NonNullable<balanceV1.Command['body']>;

const KEY_PATTERN = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;
const OWNER: TextRule = { lengthMax: 128 };
const TIER: TextRule = { lengthMax: 64 };

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

/** A command from the wire; a malformed one becomes its refusal. Nothing is ever guessed or rounded. */
export function decodeCommand(wire: balanceV1.Command): CommandRequest {
  const idempotencyKey = wire.idempotencyKey === '' ? null : wire.idempotencyKey;
  return {
    command: refuseKey(wire, idempotencyKey) ?? decodeBody(wire.body),
    idempotencyKey,
    atomicGroup: wire.atomicGroup,
    isDryRun: wire.dryRun,
  };
}

function refuseKey(wire: balanceV1.Command, key: string | null): Refusal | undefined {
  if (key !== null) {
    if (KEY_PATTERN.test(key)) return undefined;
    const message = 'idempotencyKey must be 1-255 printable ASCII characters';
    return refuse('INVALID_IDEMPOTENCY_KEY', message, 'idempotencyKey');
  }
  if (wire.dryRun || !movesMoney(wire.body)) return undefined;
  const message = 'a command that moves money needs an idempotency key';
  return refuse('MISSING_IDEMPOTENCY_KEY', message, 'idempotencyKey');
}

function movesMoney(body: Body | undefined): boolean {
  switch (body?.$case) {
    case 'openAccount':
      return body.value.initialBalance !== 0n;
    case 'updateAccount':
    case 'setAccountStatus':
    case undefined:
      return false;
    default:
      return true;
  }
}

function decodeBody(body: Body | undefined): Decoded {
  switch (body?.$case) {
    case 'openAccount':
      return decodeOpen(body.value);
    case 'updateAccount':
      return decodeUpdate(body.value);
    case 'setAccountStatus':
      return decodeStatus(body.value);
    case 'deposit':
      return decodeDeposit(body.value);
    case 'withdraw':
      return decodeWithdraw(body.value);
    case 'change':
      return decodeChange(body.value);
    case 'transfer':
      return decodeTransfer(body.value);
    case 'reverse':
      return decodeReverse(body.value);
    case undefined:
      return refuse('INVALID_REQUEST', 'a command needs a body');
  }
}

function decodeOpen(wire: balanceV1.OpenAccount): Decoded {
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  const initialBalance = parseAmount(wire.initialBalance, 'initialBalance');
  if (isRefusal(initialBalance)) return initialBalance;
  if (initialBalance < 0n)
    return refuse('INVALID_AMOUNT', 'initialBalance must not be negative', 'initialBalance');
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  const limits = decodeLimits(wire.limits);
  if (isRefusal(limits)) return limits;
  const tier = decodeText(wire.tier, 'tier', TIER) ?? null;
  if (isRefusal(tier)) return tier;
  const holderId = decodeText(wire.holderId, 'holderId', OWNER) ?? null;
  if (isRefusal(holderId)) return holderId;
  const profile = { tier, holderId, agentId: details.agentId ?? null, limits, details };
  return { kind: 'open-account', accountId, initialBalance, ...currencyOf(wire), ...profile };
}

function decodeUpdate(wire: balanceV1.UpdateAccount): Decoded {
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  const limits = decodeLimits(wire.limits);
  if (isRefusal(limits)) return limits;
  const { performedBy, reason } = wire;
  const details = decodeDetails({
    performedBy,
    reason,
    source: '',
    agentId: '',
    metadataJson: '',
    effectiveAtMs: undefined,
  });
  if (isRefusal(details)) return details;
  const metadata = wire.metadataJson === undefined ? undefined : parseMetadata(wire.metadataJson);
  if (isRefusal(metadata)) return metadata;
  const tier = decodeText(wire.tier, 'tier', TIER);
  if (isRefusal(tier)) return tier;
  const holderId = decodeText(wire.holderId, 'holderId', OWNER);
  if (isRefusal(holderId)) return holderId;
  const agentId = decodeText(wire.agentId, 'agentId', OWNER);
  if (isRefusal(agentId)) return agentId;
  return {
    kind: 'update-account',
    accountId,
    limits,
    details,
    ...(metadata && { metadata }),
    ...(tier !== undefined && { tier }),
    ...(holderId !== undefined && { holderId }),
    ...(agentId !== undefined && { agentId }),
  };
}

function decodeStatus(wire: balanceV1.SetAccountStatus): Decoded {
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  const { performedBy, reason, status } = wire;
  if (!isAccountStatus(status)) {
    return refuse('INVALID_REQUEST', `status must be one of ${ACCOUNT_STATUSES.join(', ')}`, 'status');
  }
  const details = decodeDetails({
    performedBy,
    reason,
    source: '',
    agentId: '',
    metadataJson: '',
    effectiveAtMs: undefined,
  });
  return isRefusal(details) ? details : { kind: 'set-account-status', accountId, status, details };
}

function decodeDeposit(wire: balanceV1.Deposit): Decoded {
  const parts = decodePosting(wire, parsePositiveAmount(wire.amount, 'amount'));
  if (isRefusal(parts)) return parts;
  const type = DEPOSIT_TYPES.get(parts.details.source ?? '') ?? 'DEPOSIT';
  return {
    kind: 'post-to-account',
    ...parts,
    ...currencyOf(wire),
    type,
    counterpart: 'world',
    opensAccount: true,
  };
}

function decodeWithdraw(wire: balanceV1.Withdraw): Decoded {
  const parts = decodePosting(wire, parsePositiveAmount(wire.amount, 'amount'));
  if (isRefusal(parts)) return parts;
  const posting = { ...parts, ...currencyOf(wire), amount: -parts.amount };
  return { kind: 'post-to-account', ...posting, type: 'WITHDRAW', counterpart: 'world', opensAccount: false };
}

function decodeChange(wire: balanceV1.Change): Decoded {
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

function decodePosting(
  wire: { accountId: string; details: balanceV1.Details | undefined },
  amount: bigint | Refusal,
):
  | Refusal
  | { accountId: string; amount: bigint; details: Exclude<ReturnType<typeof decodeDetails>, Refusal> } {
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  if (isRefusal(amount)) return amount;
  const details = decodeDetails(wire.details);
  return isRefusal(details) ? details : { accountId, amount, details };
}

function decodeTransfer(wire: balanceV1.Transfer): Decoded {
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

function decodeReverse(wire: balanceV1.Reverse): Decoded {
  const amount = wire.amount === undefined ? undefined : parsePositiveAmount(wire.amount, 'amount');
  if (isRefusal(amount)) return amount;
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  const { transactionId } = wire;
  return { kind: 'reverse-by-id', transactionId, ...(amount !== undefined && { amount }), details };
}

function currencyOf({ currency }: { currency: string }): { currency?: string } {
  return currency === '' ? {} : { currency };
}

function isAccountStatus(text: string): text is AccountStatus {
  return ACCOUNT_STATUSES.some((status) => status === text);
}
