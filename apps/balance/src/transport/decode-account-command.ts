import type { balanceV1 } from '@steelyard/contracts/grpc';
import { ACCOUNT_STATUSES, parseAccountId, type AccountStatus } from '@steelyard/domain/accounts';
import { parseAmount } from '@steelyard/domain/money';
import type { OpenAccount, SetAccountStatus, UpdateAccount } from '@steelyard/domain/posting';
import { isRefusal, refuse, type Refusal } from '@steelyard/domain/result';
import {
  decodeCurrency,
  decodeDetails,
  decodeLimits,
  decodeText,
  parseMetadata,
  type TextRule,
} from './decode-parts.js';

const OWNER: TextRule = { lengthMax: 128 };
const TIER: TextRule = { lengthMax: 64 };

export function decodeOpenAccount(wire: balanceV1.OpenAccount): OpenAccount | Refusal {
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
  const currency = decodeCurrency(wire);
  if (isRefusal(currency)) return currency;
  const profile = { tier, holderId, agentId: details.agentId ?? null, limits, details };
  return { kind: 'open-account', accountId, initialBalance, ...currency, ...profile };
}

export function decodeUpdateAccount(wire: balanceV1.UpdateAccount): UpdateAccount | Refusal {
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

export function decodeSetAccountStatus(wire: balanceV1.SetAccountStatus): SetAccountStatus | Refusal {
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

function isAccountStatus(text: string): text is AccountStatus {
  return ACCOUNT_STATUSES.some((status) => status === text);
}
