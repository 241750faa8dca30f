import { SteelyardProtocolError } from '../answers/index.js';
import type { EscrowPolicy, JsonValue, Metadata, PotStatus, ReservationStatus } from '../operations/index.js';

const RESERVATION_STATUSES: readonly ReservationStatus[] = ['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED'];
const POT_STATUSES: readonly PotStatus[] = ['ACTIVE', 'SETTLED', 'CANCELLED'];
const ESCROW_POLICIES: readonly EscrowPolicy[] = ['strict', 'observe'];

// Words that both wires use. One that is not known here means that the service is newer than this library.

export function reservationStatusFrom(word: unknown): ReservationStatus {
  return oneOf(RESERVATION_STATUSES, word, 'the status of a reservation');
}

export function potStatusFrom(word: unknown): PotStatus {
  return oneOf(POT_STATUSES, word, 'the status of a pot');
}

export function escrowPolicyFrom(word: unknown): EscrowPolicy {
  return oneOf(ESCROW_POLICIES, word, 'an escrow policy');
}

/** @param value of a JSON document */
export function metadataFrom(value: unknown): Metadata {
  if (isMetadata(value)) return value;
  throw new SteelyardProtocolError('metadata is not an object');
}

function isMetadata(value: unknown): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneOf<Word extends string>(words: readonly Word[], word: unknown, what: string): Word {
  const known = words.find((candidate) => candidate === word);
  if (known !== undefined) return known;
  throw new SteelyardProtocolError(`${what} is ${String(word)}, which this version does not know`);
}
