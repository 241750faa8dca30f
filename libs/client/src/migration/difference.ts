import type { OperationKind, QueryKind } from '../operations/index.js';

/** Where the two paths do not agree. */
export interface Mismatch {
  /** `ok`, `error.code`, or a path into the value, such as `balanceAfter`. */
  readonly member: string;
  readonly legacy: unknown;
  readonly steelyard: unknown;
}

/** What one path came to. */
export type PathOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** A disagreement, or that the two could not be compared. The old path has decided. */
export interface Difference {
  readonly kind: OperationKind | QueryKind;
  readonly input: unknown;
  /** Of an operation. */
  readonly idempotencyKey?: string;
  readonly legacy: PathOutcome;
  /** Absent: the new path did not answer, see `failure`. */
  readonly steelyard?: PathOutcome;
  readonly mismatches: readonly Mismatch[];
  /** Why there is nothing to compare with. */
  readonly failure?: unknown;
  /** The new path had granted what the old one refused: true when that was taken back. */
  readonly undone?: boolean;
}

export type Compare = (
  kind: OperationKind | QueryKind,
  legacy: unknown,
  steelyard: unknown,
) => readonly Mismatch[];

/** Amounts, statuses and currencies say what was decided; ids and times differ by nature. */
const COMPARED_TEXTS: ReadonlySet<string> = new Set([
  'status',
  'currency',
  'accountId',
  'tableId',
  'escrowPolicy',
]);
/** Versions count the changes of one system. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['version', 'metadata']);

/** Compares what both paths came to. */
export function mismatchesOf(
  legacy: PathOutcome,
  steelyard: PathOutcome,
  compare: (legacy: unknown, steelyard: unknown) => readonly Mismatch[],
): readonly Mismatch[] {
  if (legacy.ok && steelyard.ok) return compare(legacy.value, steelyard.value);
  if (legacy.ok || steelyard.ok) return [{ member: 'ok', legacy: legacy.ok, steelyard: steelyard.ok }];
  const [old, own] = [legacy.error.code, steelyard.error.code];
  return old === own ? [] : [{ member: 'error.code', legacy: old, steelyard: own }];
}

/** Compares the amounts, statuses and currencies of two values, and how many members their lists have. */
export function compareValues(legacy: unknown, steelyard: unknown, path = ''): readonly Mismatch[] {
  if (isMembers(legacy) && isMembers(steelyard)) {
    const names = new Set([...Object.keys(legacy), ...Object.keys(steelyard)]);
    return [...names]
      .filter((name) => !NOT_COMPARED.has(name))
      .flatMap((name) => compareMembers(name, [legacy[name], steelyard[name]], path));
  }
  return [];
}

function compareMembers(
  name: string,
  [legacy, steelyard]: readonly [unknown, unknown],
  path: string,
): readonly Mismatch[] {
  const member = path + name;
  if (isMembers(legacy) || isMembers(steelyard)) {
    if (lengthOf(legacy) !== lengthOf(steelyard)) return [{ member, legacy, steelyard }];
    return compareValues(legacy, steelyard, `${member}.`);
  }
  const isCompared = typeof legacy === 'bigint' || typeof steelyard === 'bigint' || COMPARED_TEXTS.has(name);
  return isCompared && legacy !== steelyard ? [{ member, legacy, steelyard }] : [];
}

function lengthOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
