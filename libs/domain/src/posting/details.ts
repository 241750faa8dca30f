import { canonicalJson, type JsonObject } from '../ledger-chain/index.js';
import { refuse, type Refusal } from '../result/index.js';

/** Why and by whom. Goes under the checksums of the entries, as members of their metadata. */
export interface Details {
  readonly reason?: string;
  readonly source?: string;
  readonly performedBy?: string;
  readonly agentId?: string;
  readonly effectiveAtMs?: number;
  /** The caller's own members. */
  readonly metadata?: JsonObject;
}

/** Names in the metadata of entries that the platform writes itself; callers may not use them. */
export const RESERVED_METADATA_NAMES: readonly string[] = [
  'reason',
  'source',
  'performedBy',
  'agentId',
  'effectiveAt',
  'reverses',
  'rate',
  'tableId',
  'handId',
  'seatId',
  'reservationId',
  'contributionType',
  'playerAccountId',
  'inflation',
];

const RESERVED = new Set(RESERVED_METADATA_NAMES);

/** Refuses metadata that uses a name which the platform writes itself. */
export function refuseReservedNames(metadata: JsonObject, field = 'metadata'): Refusal | undefined {
  for (const name of Object.keys(metadata)) {
    if (RESERVED.has(name)) {
      return refuse(
        'INVALID_METADATA',
        `${field}.${name} is a reserved name; choose another`,
        `${field}.${name}`,
      );
    }
  }
  return undefined;
}

/** What the platform itself adds to the metadata of some transactions. */
export interface PlatformMetadata {
  readonly reverses?: string;
  readonly rate?: string;
  readonly reservationId?: string;
  readonly tableId?: string;
  readonly handId?: string;
  readonly seatId?: number;
  readonly contributionType?: string;
  readonly playerAccountId?: string;
  /** Chips that came into being with this transaction, as digits. */
  readonly inflation?: string;
}

/** The metadata under the checksums: the caller's members and the platform's, as canonical JSON. */
export function metadataJsonOf(details: Details, extra: PlatformMetadata = {}): string {
  const members: Record<string, JsonObject[string]> = { ...details.metadata, ...extra };
  if (details.reason !== undefined) members['reason'] = details.reason;
  if (details.source !== undefined) members['source'] = details.source;
  if (details.performedBy !== undefined) members['performedBy'] = details.performedBy;
  if (details.agentId !== undefined) members['agentId'] = details.agentId;
  if (details.effectiveAtMs !== undefined) {
    members['effectiveAt'] = new Date(details.effectiveAtMs).toISOString();
  }
  return canonicalJson(members);
}
