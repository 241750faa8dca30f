import type { RefusalCode } from '@steelyard/domain/result';

/** Errors that arise at the edges: in transport, authentication and outages, not in the rules of money. */
export const EDGE_CODES = [
  'INVALID_JSON',
  'INVALID_CURSOR',
  'INVALID_TOKEN',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'ENTRY_NOT_FOUND',
  'ENTRY_NOT_SEALED',
  'CHECKPOINT_NOT_FOUND',
  'INTEGRITY_FAILURE',
  'METHOD_NOT_ALLOWED',
  'BATCH_TOO_LARGE',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
] as const;

export type EdgeCode = (typeof EDGE_CODES)[number];
export type ErrorCode = RefusalCode | EdgeCode;

/** What a code means to callers over every transport. */
export interface ErrorRow {
  readonly httpStatus: number;
  /** Name of a gRPC status code. */
  readonly grpcStatus:
    | 'INVALID_ARGUMENT'
    | 'NOT_FOUND'
    | 'FAILED_PRECONDITION'
    | 'ALREADY_EXISTS'
    | 'UNAUTHENTICATED'
    | 'PERMISSION_DENIED'
    | 'RESOURCE_EXHAUSTED'
    | 'UNAVAILABLE'
    | 'INTERNAL';
  /** True: the same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** The problem's title: the same for every occurrence. */
  readonly title: string;
}

const malformed = (title: string): ErrorRow => row(400, 'INVALID_ARGUMENT', title);
const refused = (title: string): ErrorRow => row(400, 'FAILED_PRECONDITION', title);
const conflict = (title: string): ErrorRow => row(409, 'FAILED_PRECONDITION', title);
const missing = (title: string): ErrorRow => row(404, 'NOT_FOUND', title);

function row(httpStatus: number, grpcStatus: ErrorRow['grpcStatus'], title: string): ErrorRow {
  return { httpStatus, grpcStatus, retryable: false, title };
}

function transient(httpStatus: number, grpcStatus: ErrorRow['grpcStatus'], title: string): ErrorRow {
  return { httpStatus, grpcStatus, retryable: true, title };
}

/** The one table of error codes: the compiler asks for a row for every code. Add rows, never change one. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorRow>> = {
  INVALID_REQUEST: malformed('The request is malformed'),
  INVALID_JSON: malformed('The body is not valid JSON'),
  INVALID_ACCOUNT_ID: malformed('The account id is malformed'),
  INVALID_AMOUNT: malformed('The amount is malformed'),
  INVALID_CURRENCY: malformed('The currency is unknown'),
  INVALID_METADATA: malformed('The metadata is malformed'),
  INVALID_IDEMPOTENCY_KEY: malformed('The idempotency key is malformed'),
  INVALID_CURSOR: malformed('The cursor is malformed'),
  MISSING_IDEMPOTENCY_KEY: malformed('An idempotency key is required'),
  AMOUNT_OUT_OF_RANGE: malformed('The amount is out of range'),
  CURRENCY_MISMATCH: refused('The currencies do not match'),
  SAME_ACCOUNT: malformed('The accounts must differ'),
  RATE_REQUIRED: malformed('A rate is required'),
  RATE_NOT_APPLICABLE: malformed('A rate does not apply'),
  INSUFFICIENT_BALANCE: refused('The balance is insufficient'),
  LIMIT_EXCEEDED: row(422, 'FAILED_PRECONDITION', 'A limit would be exceeded'),
  LIMIT_BELOW_USAGE: conflict('The limit is below what is in use'),
  ACCOUNT_NOT_FOUND: missing('The account does not exist'),
  ACCOUNT_FROZEN: conflict('The account is frozen'),
  ACCOUNT_CLOSED: conflict('The account is closed'),
  ACCOUNT_NOT_EMPTY: conflict('The account is not empty'),
  TRANSACTION_NOT_FOUND: missing('The transaction does not exist'),
  NOT_REVERSIBLE: conflict('The transaction cannot be reversed'),
  ALREADY_REVERSED: conflict('The transaction is already reversed'),
  REVERSAL_EXCEEDS_TRANSACTION: conflict('More would be reversed than was moved'),
  RESERVATION_NOT_FOUND: missing('The reservation does not exist'),
  RESERVATION_EXPIRED: conflict('The reservation has expired'),
  RESERVATION_NOT_HELD: conflict('The reservation holds nothing any more'),
  ALREADY_COMMITTED: conflict('The reservation is already committed'),
  CAPTURE_EXCEEDS_HOLD: conflict('More would be moved than is held'),
  TABLE_NOT_FOUND: missing('The table does not exist'),
  INSUFFICIENT_ESCROW: refused('The chips on the table do not cover this'),
  POT_NOT_FOUND: missing('The pot does not exist'),
  POT_NOT_ACTIVE: conflict('The pot is closed'),
  RETURN_EXCEEDS_CONTRIBUTION: conflict('More would be returned than was contributed'),
  IDEMPOTENCY_CONFLICT: row(409, 'ALREADY_EXISTS', 'The idempotency key was used for another request'),
  ATOMIC_BATCH_REFUSED: conflict('Another item of the atomic batch was refused'),
  INVALID_TOKEN: row(401, 'UNAUTHENTICATED', 'The credentials are not valid'),
  UNAUTHENTICATED: row(401, 'UNAUTHENTICATED', 'Credentials are required'),
  FORBIDDEN: row(403, 'PERMISSION_DENIED', 'The caller may not do this'),
  NOT_FOUND: missing('There is nothing at this address'),
  ENTRY_NOT_FOUND: missing('The entry does not exist'),
  ENTRY_NOT_SEALED: transient(409, 'FAILED_PRECONDITION', 'The entry is not under a checkpoint yet'),
  CHECKPOINT_NOT_FOUND: missing('The checkpoint does not exist'),
  INTEGRITY_FAILURE: conflict('The ledger does not agree with itself here'),
  METHOD_NOT_ALLOWED: row(405, 'INVALID_ARGUMENT', 'The method is not allowed here'),
  BATCH_TOO_LARGE: row(413, 'INVALID_ARGUMENT', 'The batch has too many items'),
  PAYLOAD_TOO_LARGE: row(413, 'RESOURCE_EXHAUSTED', 'The body is too large'),
  UNSUPPORTED_MEDIA_TYPE: row(415, 'INVALID_ARGUMENT', 'The media type is not supported'),
  RATE_LIMITED: transient(429, 'RESOURCE_EXHAUSTED', 'Too many requests'),
  UNAVAILABLE: transient(503, 'UNAVAILABLE', 'The platform is temporarily unavailable'),
  INTERNAL: transient(500, 'INTERNAL', 'Something went wrong on our side'),
};

/** True for a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}
