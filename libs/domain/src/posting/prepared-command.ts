import { hash } from 'node:crypto';
import { bucketOf } from '../accounts/index.js';
import { canonicalJson } from '../ledger-chain/index.js';
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

const FIELD_NAMES = [
  'operation',
  'account',
  'amount',
  'currency',
  'type',
  'rate',
  'details',
  'options',
] as const;
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
  const owner = keyOwnerOf(command);
  const homeBucket = command.kind === 'reverse' ? command.original.key.bucket : bucketOf(owner, buckets);
  const isRemembered = idempotencyKey !== null && !isDryRun;
  const metadataJson = metadataJsonOf(command.details, platformMetadataOf(command));
  return {
    command,
    idempotencyKey,
    isDryRun,
    homeBucket,
    buckets: bucketsOf(command, homeBucket, buckets),
    slot: isRemembered ? slotOf(owner, idempotencyKey) : '',
    fingerprint: isRemembered ? fingerprintOf(command, metadataJson) : '',
    metadataJson,
  };
}

function platformMetadataOf(command: Command): PlatformMetadata {
  if (command.kind === 'reverse') return { reverses: command.original.transactionId };
  if (command.kind === 'transfer' && command.rate !== undefined) return { rate: command.rate };
  return {};
}

/** The account that an idempotency key belongs to: the one that pays, or the only one. */
function keyOwnerOf(command: Command): string {
  switch (command.kind) {
    case 'transfer':
      return command.fromAccountId;
    case 'reverse':
      return command.original.legs[0]?.accountId ?? '';
    default:
      return command.accountId;
  }
}

function bucketsOf(command: Command, home: number, buckets: number): readonly number[] {
  switch (command.kind) {
    case 'transfer': {
      const other = bucketOf(command.toAccountId, buckets);
      return other === home ? [home] : [home, other];
    }
    case 'reverse':
      return [...new Set([home, ...command.original.legs.map((leg) => leg.bucket)])];
    default:
      return [home];
  }
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

/** The canonical request, one text for each of FIELD_NAMES. */
function fieldsOf(command: Command, details: string): readonly string[] {
  switch (command.kind) {
    case 'post-to-account': {
      const { accountId, amount, currency = '', type, counterpart, opensAccount } = command;
      return [
        command.kind,
        accountId,
        `${amount}`,
        currency,
        type,
        '',
        details,
        `${counterpart},${opensAccount}`,
      ];
    }
    case 'transfer': {
      const { fromAccountId, toAccountId, amount, type, rate = '' } = command;
      return [command.kind, `${fromAccountId},${toAccountId}`, `${amount}`, '', type, rate, details, ''];
    }
    case 'reverse':
      return [
        command.kind,
        command.original.transactionId,
        `${command.amount ?? ''}`,
        '',
        '',
        '',
        details,
        '',
      ];
    case 'open-account': {
      const { accountId, initialBalance, currency = '', tier, holderId, agentId } = command;
      const options = canonicalJson({ tier, holderId, agentId, limits: limitsText(command.limits) });
      return [command.kind, accountId, `${initialBalance}`, currency, '', '', details, options];
    }
    case 'update-account': {
      const { accountId, tier, holderId, agentId, metadata } = command;
      const options = canonicalJson({
        tier,
        holderId,
        agentId,
        metadata,
        limits: limitsText(command.limits),
      });
      return [command.kind, accountId, '', '', '', '', details, options];
    }
    case 'set-account-status':
      return [command.kind, command.accountId, '', '', '', '', details, command.status];
  }
}

function limitsText(limits: object): string {
  return Object.entries(limits)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join(',');
}

/** FNV-1a folded to 16 bits, as four hex digits. */
function tagOf(field: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < field.length; i++) state = Math.imul(state ^ field.charCodeAt(i), 0x01000193);
  return (((state >>> 16) ^ state) & 0xffff).toString(16).padStart(TAG_HEX_LENGTH, '0');
}
