import type { balanceV1 } from '@steelyard/contracts/grpc';
import { AMOUNT_MAX, refused, type RefusedAnswer } from './model.types.js';

export type Check = RefusedAnswer | undefined;

const ID = /^[A-Za-z0-9._:+-][A-Za-z0-9._:@+-]{0,127}$/;
const RESERVED = [
  ...['reason', 'source', 'performedBy', 'agentId', 'effectiveAt', 'reverses', 'rate'],
  ...['tableId', 'handId', 'seatId', 'reservationId', 'contributionType', 'playerAccountId', 'inflation'],
];

export function refuseId(accountId: string, field: string): Check {
  return ID.test(accountId) ? undefined : refused('INVALID_ACCOUNT_ID', field);
}

/** Of a table or a hand. */
export function refuseName(name: string, field: string): Check {
  return ID.test(name) ? undefined : refused('INVALID_REQUEST', field);
}

export function refuseRange(amount: bigint, field: string): Check {
  return amount > AMOUNT_MAX || amount < -AMOUNT_MAX ? refused('AMOUNT_OUT_OF_RANGE', field) : undefined;
}

export function refuseNotPositive(amount: bigint): Check {
  return refuseRange(amount, 'amount') ?? (amount <= 0n ? refused('INVALID_AMOUNT', 'amount') : undefined);
}

export function refuseNegative(amount: bigint, field: string): Check {
  return refuseRange(amount, field) ?? (amount < 0n ? refused('INVALID_AMOUNT', field) : undefined);
}

export function refuseDetails(details: balanceV1.Details | undefined): Check {
  if (!details || details.metadataJson === '') return undefined;
  const metadata = parsed(details.metadataJson);
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return refused('INVALID_METADATA', 'metadata');
  }
  const reserved = Object.keys(metadata).find((name) => RESERVED.includes(name));
  return reserved === undefined ? undefined : refused('INVALID_METADATA', `metadata.${reserved}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether there is such a currency is no matter of form. */
export function refuseCurrency({ currency }: { readonly currency: string }): Check {
  if (currency === '' || /^[A-Z][A-Z0-9_]{1,15}$/.test(currency)) return undefined;
  return refused('INVALID_CURRENCY', 'currency');
}
