/** Kind of a column: an integer within ±(2^53 - 1), text, bytes as lower-case hex, or a UUID. */
export type ArchiveColumnType = 'integer' | 'text' | 'hex' | 'uuid';

export interface ArchiveColumn {
  /** In the database. */
  readonly column: string;
  /** In the archive. */
  readonly member: string;
  readonly type: ArchiveColumnType;
  readonly isNullable: boolean;
}

/** A table whose rows are lines of the archive, as they are. */
export interface ArchiveTable {
  /** What its lines are called. */
  readonly line: string;
  /** In the header and the footer. */
  readonly plural: string;
  readonly table: string;
  /** The primary key, which is the order of the lines; always the first columns. */
  readonly keyLength: number;
  /** Rows whose time has passed are left out. */
  readonly skipsExpired?: boolean;
  readonly columns: readonly ArchiveColumn[];
}

/** A row in the order of its table's columns. */
export type ArchiveValue = bigint | string | null;
export type ArchiveRow = readonly ArchiveValue[];

const column = (type: ArchiveColumnType, isNullable: boolean) => (names: string) =>
  names
    .split(' ')
    .map((name): ArchiveColumn => ({ column: name, member: camelCase(name), type, isNullable }));

const integers = column('integer', false);
const optionalIntegers = column('integer', true);
const texts = column('text', false);
const optionalTexts = column('text', true);
const bytes = column('hex', false);

export const ACCOUNTS: ArchiveTable = {
  line: 'account',
  plural: 'accounts',
  table: 'balance.accounts',
  keyLength: 2,
  columns: [
    ...integers('bucket'),
    ...texts('account_id currency'),
    ...integers('balance held version sequence'),
    ...bytes('checksum'),
    ...integers('status'),
    ...optionalIntegers('credit_limit'),
    ...integers('minimum_hold'),
    ...optionalIntegers('max_balance warning_threshold critical_threshold next_expiry_at_ms'),
    ...optionalTexts('tier holder_id agent_id'),
    ...texts('metadata'),
    ...integers('created_at_ms updated_at_ms'),
  ],
};

export const RESERVATIONS: ArchiveTable = {
  line: 'reservation',
  plural: 'reservations',
  table: 'balance.reservations',
  keyLength: 2,
  columns: [
    ...integers('bucket sequence'),
    ...texts('account_id currency'),
    ...integers('status amount captured target_kind'),
    ...optionalTexts('target reference'),
    ...texts('metadata'),
    ...integers('created_at_ms expires_at_ms'),
    ...optionalIntegers('resolved_at_ms transaction_sequence'),
    ...integers('balance_after available_after'),
  ],
};

export const POTS: ArchiveTable = {
  line: 'pot',
  plural: 'pots',
  table: 'balance.pots',
  keyLength: 3,
  columns: [
    ...integers('bucket'),
    ...texts('table_id hand_id currency'),
    ...integers('status rake version'),
    ...texts('seats'),
    ...integers('created_at_ms updated_at_ms'),
  ],
};

export const REVERSALS: ArchiveTable = {
  line: 'reversal',
  plural: 'reversals',
  table: 'balance.reversals',
  keyLength: 2,
  columns: integers('bucket fact_sequence reversed'),
};

export const IDEMPOTENCY: ArchiveTable = {
  line: 'idempotencyKey',
  plural: 'idempotencyKeys',
  table: 'balance.idempotency',
  keyLength: 2,
  skipsExpired: true,
  columns: [
    ...integers('bucket'),
    ...column('uuid', false)('slot'),
    ...bytes('fingerprint'),
    ...optionalIntegers('fact_sequence'),
    ...optionalTexts('outcome'),
    ...integers('expires_at_ms'),
  ],
};

/** Behind the facts, in this order. */
export const TABLES_AFTER_FACTS: readonly ArchiveTable[] = [RESERVATIONS, POTS, REVERSALS, IDEMPOTENCY];
export const ARCHIVE_TABLES: readonly ArchiveTable[] = [ACCOUNTS, ...TABLES_AFTER_FACTS];

/** The value of a row's column. The table must have it. */
export function valueOf(table: ArchiveTable, row: ArchiveRow, name: string): ArchiveValue {
  return row[table.columns.findIndex((candidate) => candidate.column === name)] ?? null;
}

function camelCase(name: string): string {
  return name.replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}
