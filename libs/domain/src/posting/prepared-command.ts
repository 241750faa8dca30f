import { hash } from 'node:crypto';
import { FIELD_NAMES, fieldsOf } from './command-fields.js';
import { placesOf } from './command-places.js';
import type { Command } from './commands.js';
import { metadataJsonOf, type PlatformMetadata } from './details.js';

/** A command with all that can be computed before its turn comes: where it writes and how it is told apart. */
export interface PreparedCommand {
  readonly command: Command;
  /** null: not remembered; allowed only for commands that are idempotent by themselves. */
  readonly idempotencyKey: string | null;
  /** Decide and answer, write nothing. */
  readonly isDryRun: boolean;
  /** Bucket of the account that the key belongs to; the transaction is at home there. */
  readonly homeBucket: number;
  /** All buckets that it may write, home first. */
  readonly buckets: readonly number[];
  /** Where its idempotency row is: 32 hex digits; empty without a key. */
  readonly slot: string;
  /** See {@link fingerprintOf}; empty without a key. */
  readonly fingerprint: string;
  /** The metadata of the entries, as canonical JSON: computed once, for the request's digest and the chain. */
  readonly metadataJson: string;
}

const DIGEST_HEX_LENGTH = 32;
const TAG_HEX_LENGTH = 4;

export interface CommandOptions {
  readonly idempotencyKey: string | null;
  readonly isDryRun?: boolean;
  /** Number of buckets of the deployment. */
  readonly buckets: number;
}

/** Computes a command's buckets, idempotency slot and fingerprint. */
export function prepare(command: Command, options: CommandOptions): PreparedCommand {
  const { idempotencyKey, isDryRun = false, buckets } = options;
  const places = placesOf(command, buckets);
  const isRemembered = idempotencyKey !== null && !isDryRun;
  const metadataJson = metadataJsonOf(command.details, platformMetadataOf(command));
  return {
    command,
    idempotencyKey,
    isDryRun,
    homeBucket: places.homeBucket,
    buckets: places.buckets,
    slot: isRemembered ? slotOf(places.keyOwner, idempotencyKey) : '',
    fingerprint: isRemembered ? fingerprintOf(command, metadataJson) : '',
    metadataJson,
  };
}

/** What the platform itself writes into the metadata of a command's entries. */
export function platformMetadataOf(command: Command): PlatformMetadata {
  switch (command.kind) {
    case 'reverse':
      return { reverses: command.original.transactionId };
    case 'transfer':
      return optional({ rate: command.rate });
    case 'commit-reservation': {
      const { reservationId, target } = command.reservation;
      return optional({ reservationId, tableId: target.kind === 'table' ? target.tableId : undefined });
    }
    case 'cash-out':
    case 'return-contribution': {
      const { tableId, handId, seatId } = command;
      return optional({ tableId, handId, seatId });
    }
    case 'contribute': {
      const { tableId, handId, seatId, type: contributionType, accountId: playerAccountId } = command;
      return { tableId, handId, seatId, contributionType, playerAccountId };
    }
    case 'settle-pot':
    case 'cancel-pot':
      return { tableId: command.tableId, handId: command.handId };
    case 'set-table-policy':
      return { tableId: command.tableId };
    default:
      return {};
  }
}

/** Without the members that are undefined. */
function optional(members: {
  readonly [Name in keyof PlatformMetadata]: PlatformMetadata[Name] | undefined;
}): PlatformMetadata {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function slotOf(owner: string, idempotencyKey: string): string {
  return hash('sha256', `${owner}\0${idempotencyKey}`, 'hex').slice(0, DIGEST_HEX_LENGTH);
}

/**
 * Tells requests apart that come under one key: 16 bytes of SHA-256 over the canonical request, which decide, and
 * a 2-byte tag for each of its fields, which only name the one that differs in the caller's error. Hex.
 */
function fingerprintOf(command: Command, details: string): string {
  const fields = fieldsOf(command, details);
  const digest = hash('sha256', JSON.stringify(fields), 'hex').slice(0, DIGEST_HEX_LENGTH);
  return digest + fields.map(tagOf).join('');
}

/** True when two fingerprints are of the same request. */
export function isSameRequest(left: string, right: string): boolean {
  return left.slice(0, DIGEST_HEX_LENGTH) === right.slice(0, DIGEST_HEX_LENGTH);
}

/** Names of the fields in which two requests differ, for the message of an idempotency conflict. */
export function differingFields(left: string, right: string): string[] {
  return FIELD_NAMES.filter((_, i) => {
    const start = DIGEST_HEX_LENGTH + i * TAG_HEX_LENGTH;
    return left.slice(start, start + TAG_HEX_LENGTH) !== right.slice(start, start + TAG_HEX_LENGTH);
  });
}

/** FNV-1a folded to 16 bits, as four hex digits. */
function tagOf(field: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < field.length; i++) state = Math.imul(state ^ field.charCodeAt(i), 0x01000193);
  return (((state >>> 16) ^ state) & 0xffff).toString(16).padStart(TAG_HEX_LENGTH, '0');
}
