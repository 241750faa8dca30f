import type { balanceV1 } from '@steelyard/contracts/grpc';
import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '@steelyard/domain/ledger-chain';
import { CURRENCY_CODE_PATTERN, parseAmount, parsePositiveAmount } from '@steelyard/domain/money';
import { refuseReservedNames, type Details, type LimitsPatch } from '@steelyard/domain/posting';
import { isRefusal, refuse, type Refusal } from '@steelyard/domain/result';

export interface TextRule {
  readonly lengthMax: number;
}

const REASON: TextRule = { lengthMax: 500 };
const NAME: TextRule = { lengthMax: 128 };

// Every entry of a transaction carries its metadata for ever: enough for references, not for documents.
const METADATA_BYTES_MAX = 16 * 1024;
const METADATA_DEPTH_MAX = 16;
// The years 0001 to 9999: what ISO 8601 writes with four digits.
const EFFECTIVE_AT_MS_MIN = -62_135_596_800_000n;
const EFFECTIVE_AT_MS_MAX = 253_402_300_799_999n;
// PostgreSQL cannot store NUL, and none of the others belongs into a name or a reason.
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** Reads a text: undefined when absent, null when empty (that removes it), else the text. */
export function decodeText(
  text: string | undefined,
  field: string,
  rule: TextRule,
): string | null | undefined | Refusal {
  if (text === undefined || text === '') return text === '' ? null : undefined;
  if (text.length <= rule.lengthMax && !CONTROL_CHARACTERS.test(text)) return text;
  const message = `${field} must have at most ${rule.lengthMax} characters and no control characters`;
  return refuse('INVALID_REQUEST', message, field);
}

/** Why and by whom. */
export function decodeDetails(wire: balanceV1.Details | undefined): Details | Refusal {
  if (!wire) return {};
  const details: { -readonly [Name in keyof Details]: Details[Name] } = {};
  const texts = [
    ['reason', REASON],
    ['source', NAME],
    ['performedBy', NAME],
    ['agentId', NAME],
  ] as const;
  for (const [name, rule] of texts) {
    const text = decodeText(wire[name], name, rule);
    if (isRefusal(text)) return text;
    if (typeof text === 'string') details[name] = text;
  }
  if (wire.effectiveAtMs !== undefined) {
    const effectiveAtMs = decodeTime(wire.effectiveAtMs);
    if (isRefusal(effectiveAtMs)) return effectiveAtMs;
    details.effectiveAtMs = effectiveAtMs;
  }
  if (wire.metadataJson !== '') {
    const metadata = parseMetadata(wire.metadataJson);
    if (isRefusal(metadata)) return metadata;
    const reserved = refuseReservedNames(metadata);
    if (reserved) return reserved;
    details.metadata = metadata;
  }
  return details;
}

function decodeTime(ms: bigint): number | Refusal {
  // Within these bounds a number is exact.
  if (ms >= EFFECTIVE_AT_MS_MIN && ms <= EFFECTIVE_AT_MS_MAX) return Number(ms);
  return refuse('INVALID_REQUEST', 'effectiveAt must lie within the years 0001 and 9999', 'effectiveAt');
}

/** Metadata from JSON text. Refuses with INVALID_METADATA what is no object, too large or too deep. */
export function parseMetadata(json: string): JsonObject | Refusal {
  if (json === '') return {};
  const value = parsed(json);
  if (!isJsonObject(value)) return refuse('INVALID_METADATA', 'metadata must be a JSON object', 'metadata');
  const fault = faultOf(value, METADATA_DEPTH_MAX);
  if (fault) return refuse('INVALID_METADATA', `metadata ${fault}`, 'metadata');
  if (Buffer.byteLength(canonicalJson(value)) > METADATA_BYTES_MAX) {
    return refuse('INVALID_METADATA', `metadata must have at most ${METADATA_BYTES_MAX} bytes`, 'metadata');
  }
  return value;
}

function parsed(json: string): JsonValue | undefined {
  // Far larger than allowed is not worth parsing: white space alone cannot fill the rest.
  if (json.length > METADATA_BYTES_MAX * 8) return undefined;
  try {
    return JSON.parse(json) as JsonValue;
  } catch {
    return undefined;
  }
}

function faultOf(value: JsonValue | undefined, depthLeft: number): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'has a number that is out of range';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depthLeft === 0) return `must not be deeper than ${METADATA_DEPTH_MAX} levels`;
  for (const member of Object.values(value)) {
    const fault = faultOf(member, depthLeft - 1);
    if (fault) return fault;
  }
  return undefined;
}

/** Limits from the wire; absent ones stay absent. */
export function decodeLimits(wire: balanceV1.Limits | undefined): LimitsPatch | Refusal {
  if (!wire) return {};
  const limits: { -readonly [Name in keyof LimitsPatch]: LimitsPatch[Name] } = {};
  const amounts = [
    'creditLimit',
    'minimumHold',
    'maxBalance',
    'warningThreshold',
    'criticalThreshold',
  ] as const;
  for (const name of amounts) {
    const value = wire[name];
    if (value === undefined) continue;
    const amount = parseAmount(value, `limits.${name}`);
    if (isRefusal(amount)) return amount;
    if (amount < 0n) return refuse('INVALID_AMOUNT', `limits.${name} must not be negative`, `limits.${name}`);
    limits[name] = amount;
  }
  if (wire.unlimitedCredit) limits.creditLimit = null;
  if (wire.unlimitedBalance) limits.maxBalance = null;
  return limits;
}

/** The currency that a message names; empty is none. Whether there is such a currency is decided later. */
export function decodeCurrency({ currency }: { currency: string }): { currency?: string } | Refusal {
  if (currency === '') return {};
  if (CURRENCY_CODE_PATTERN.test(currency)) return { currency };
  return refuse('INVALID_CURRENCY', 'currency must be a code such as CHIPS or USD', 'currency');
}

/** An amount that may be left out; if not, it is greater than zero. */
export function decodeOptionalAmount({
  amount,
}: {
  amount?: bigint | undefined;
}): { amount?: bigint } | Refusal {
  if (amount === undefined) return {};
  const parsed = parsePositiveAmount(amount, 'amount');
  return isRefusal(parsed) ? parsed : { amount: parsed };
}

/** True for a text that may be looked for in the database. */
export function isPlainText(text: string): boolean {
  return !CONTROL_CHARACTERS.test(text);
}
