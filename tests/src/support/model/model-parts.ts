import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Body, ModelAccount } from './model.types.js';

/** FNV-1a over the id's bytes, its halves folded together: the documented place of an account, or of a table. */
export function modelBucket(id: string, buckets: number): number {
  let hash = 0x811c9dc5n;
  for (const byte of Buffer.from(id)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 0x1_0000_0000n;
  return Number((hash ^ (hash / 0x1_0000n)) % BigInt(buckets));
}

/** The metadata of a transaction: the caller's members and the platform's, sorted at every depth. */
export function modelMetadata(
  details: balanceV1.Details | undefined,
  extra: Readonly<Record<string, string | number>> = {},
): string {
  const text = details?.metadataJson ?? '';
  const members = new Map<string, unknown>(Object.entries(text === '' ? {} : (JSON.parse(text) as object)));
  const { reason = '', source = '', performedBy = '', agentId = '', effectiveAtMs } = details ?? {};
  for (const [name, value] of Object.entries({ reason, source, performedBy, agentId, ...extra })) {
    if (value !== '') members.set(name, value);
  }
  if (effectiveAtMs !== undefined) members.set('effectiveAt', new Date(Number(effectiveAtMs)).toISOString());
  return sortedJson(Object.fromEntries(members));
}

export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sortedJson(member)}`).join(',')}}`;
}

/** What makes two requests the same: all that was asked, written in one way. */
export function requestText(body: Body): string {
  const details = 'details' in body.value ? modelMetadata(body.value.details) : '';
  const limits = 'limits' in body.value ? limitsText(body.value.limits) : '';
  const value: Record<string, unknown> = { ...body.value, details, limits };
  if ('metadataJson' in value && typeof value['metadataJson'] === 'string') {
    const { metadataJson } = value;
    value['metadataJson'] = metadataJson === '' ? '{}' : sortedJson(JSON.parse(metadataJson));
  }
  // On a transfer TRANSFER is what an empty type means.
  if (body.$case === 'transfer' && body.value.type === '') value['type'] = 'TRANSFER';
  return `${body.$case} ${sortedJson(JSON.parse(JSON.stringify(value, bigintText)))}`;
}

function limitsText(limits: balanceV1.Limits | undefined): string {
  if (!limits) return '';
  const said = {
    ...limits,
    creditLimit: limits.unlimitedCredit ? 'none' : limits.creditLimit,
    maxBalance: limits.unlimitedBalance ? 'none' : limits.maxBalance,
  };
  const known = Object.entries(said).filter(([, value]) => value !== undefined && typeof value !== 'boolean');
  return known
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join();
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Applies the limits that a command names to an account. */
export function applyLimits(account: ModelAccount, limits: balanceV1.Limits | undefined): void {
  if (!limits) return;
  account.creditLimit = limits.unlimitedCredit ? null : (limits.creditLimit ?? account.creditLimit);
  account.maxBalance = limits.unlimitedBalance ? null : (limits.maxBalance ?? account.maxBalance);
  account.minimumHold = limits.minimumHold ?? account.minimumHold;
  account.warningThreshold = limits.warningThreshold ?? account.warningThreshold;
  account.criticalThreshold = limits.criticalThreshold ?? account.criticalThreshold;
}

/** Whole target units for one whole source unit, rounded down; undefined when the rate has no such form. */
export function modelConversion(
  amount: bigint,
  rate: string,
  [fromScale, toScale]: readonly [number, number],
): bigint | undefined {
  const match = /^(\d{1,18})(?:\.(\d{1,18}))?$/.exec(rate);
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  const scaled = BigInt(whole + fraction);
  if (scaled === 0n) return undefined;
  return (amount * scaled * 10n ** BigInt(toScale)) / 10n ** BigInt(fromScale + fraction.length);
}
