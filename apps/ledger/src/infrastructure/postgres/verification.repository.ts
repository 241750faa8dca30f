import { GENESIS } from '@steelyard/domain/ledger-chain';
import { entryIdOf, transactionIdOf, TRANSACTION_TYPE_NUMBERS } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import {
  VerificationReads,
  type AccountEnd,
  type AuditedEntry,
  type ChainEnds,
  type EntryRange,
  type FactFault,
  type FactsChecked,
} from '../../application/verification/verification-reads.port.js';
import { factFaultReason, type FactFaultName } from '../../application/verification/fact-faults.js';
import { auditedEntryOf, TEXT_TYPES, type AuditedEntryRow } from './audited-entry-row.js';
import { checksumOfHex, toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { CHECK_FACTS, ENDS_AFTER, ENDS_OF, READ_ENTRIES } from './verification.sql.js';

interface EndsRow {
  readonly bucket: number;
  readonly account_id: string;
  readonly has_account: boolean;
  readonly sequence: bigint | null;
  readonly balance: bigint | null;
  readonly checksum: string | null;
  readonly last_sequence: bigint | null;
  readonly last_balance: bigint | null;
  readonly last_checksum: string | null;
  readonly proven_sequence: bigint | null;
  readonly proven_balance: bigint | null;
  readonly proven_checksum: string | null;
}

interface FactRow {
  /** Null on the line that says how far the statement came. */
  readonly fault: FactFaultName | null;
  readonly fact_sequence: bigint;
  readonly committed_at_ms: bigint | null;
  readonly is_bucket_done: boolean | null;
  readonly account_id: string | null;
  readonly entry_sequence: bigint | null;
  readonly ordinal: number | null;
}

/** Numbers of transaction types; the numbers of other facts are higher. */
export const TRANSACTION_KIND_MAX = Math.max(...Object.values(TRANSACTION_TYPE_NUMBERS));
/** Of one statement: an alarm does not need them all. */
const FACT_FAULTS_MAX = 100;

export class VerificationRepository extends VerificationReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async endsAfter(bucket: number, accountId: string, limit: number): Promise<readonly ChainEnds[]> {
    const values = [bucket, accountId, limit];
    const { rows } = await this.database.pool.query<EndsRow>({ ...ENDS_AFTER, values });
    return rows.map(chainEndsOf);
  }

  override async endsOf(accountId: string, buckets: readonly number[]): Promise<readonly ChainEnds[]> {
    const values = [accountId, buckets];
    const { rows } = await this.database.pool.query<EndsRow>({ ...ENDS_OF, values });
    return rows.map(chainEndsOf);
  }

  override async entries(range: EntryRange): Promise<readonly AuditedEntry[]> {
    const { bucket, after, throughAccountId, limit } = range;
    const { rows } = await this.database.pool.query<[...AuditedEntryRow]>({
      ...READ_ENTRIES,
      values: [bucket, after.accountId, after.sequence, throughAccountId, limit],
      rowMode: 'array',
      types: TEXT_TYPES,
    });
    return rows.map((row) => auditedEntryOf(bucket, row));
  }

  override async checkFacts(bucket: number, factSequence: bigint, limit: number): Promise<FactsChecked> {
    const values = [bucket, factSequence, limit, TRANSACTION_KIND_MAX, FACT_FAULTS_MAX];
    const { rows } = await this.database.pool.query<FactRow>({ ...CHECK_FACTS, values });
    const progress = rows.find(({ fault }) => fault === null);
    invariant(progress !== undefined, 'the check of facts does not say how far it came');
    return {
      faults: rows.flatMap((row) => (row.fault === null ? [] : [faultOf(bucket, row.fault, row)])),
      through: progress.fact_sequence,
      // A head that was set back lies before where the walk already is.
      isBucketDone: progress.is_bucket_done === true || progress.fact_sequence <= factSequence,
    };
  }
}

function chainEndsOf(row: EndsRow): ChainEnds {
  const { bucket, account_id: accountId } = row;
  return {
    bucket,
    accountId,
    account: row.has_account ? endOf(row.sequence, row.balance, row.checksum) : undefined,
    lastSequence: row.last_sequence ?? 0n,
    lastBalance: row.last_balance ?? 0n,
    lastChecksum: checksumOfHex(row.last_checksum, GENESIS),
    proven: endOf(row.proven_sequence, row.proven_balance, row.proven_checksum),
  };
}

function endOf(
  sequence: bigint | null,
  balance: bigint | null,
  checksum: string | null,
): AccountEnd | undefined {
  if (sequence === null || balance === null) return undefined;
  return { sequence, balance, checksum: checksumOfHex(checksum, GENESIS) };
}

function faultOf(bucket: number, fault: FactFaultName, row: FactRow): FactFault {
  const key = { bucket, sequence: row.fact_sequence };
  const { committed_at_ms: committedAt, ordinal } = row;
  const transactionId = committedAt === null ? '' : transactionIdOf(key, toMs(committedAt));
  return {
    factSequence: key.sequence,
    accountId: row.account_id ?? '',
    entrySequence: row.entry_sequence ?? 0n,
    entryId: committedAt === null || ordinal === null ? '' : entryIdOf(key, toMs(committedAt), ordinal),
    reason: factFaultReason(fault, { ...key, transactionId }),
  };
}
