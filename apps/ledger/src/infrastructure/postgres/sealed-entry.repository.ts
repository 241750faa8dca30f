import { SealedEntries, type ProvenEntry } from '../../application/get-statement/sealed-entries.port.js';
import type { EntryProved } from '../../application/proofs/prove-entry.handler.js';
import { isReadRefusal, type ReadRefusal } from '../../application/read-refusal.js';
import type { ChainStretch } from '../../application/get-statement/statement-reads.port.js';
import { factDetails, type FactColumns } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { FIND_NEWEST_SEALED } from './statements.sql.js';

type SealedRow = FactColumns & { readonly ordinal: number };

/** Proves an entry by its id under the latest checkpoint. */
export type ProveEntry = (entryId: string) => Promise<EntryProved | ReadRefusal>;

/** Finds what is sealed; how it is proved is the business of proofs. */
export class SealedEntryRepository extends SealedEntries {
  constructor(
    private readonly database: LedgerDatabase,
    private readonly prove: ProveEntry,
  ) {
    super();
  }

  override async proveNewest({
    accountId,
    bucket,
    low,
    high,
  }: ChainStretch): Promise<ProvenEntry | undefined | ReadRefusal> {
    const values = [accountId, bucket, low, high];
    const { rows } = await this.database.pool.query<SealedRow>({ ...FIND_NEWEST_SEALED, values });
    const [row] = rows;
    if (row === undefined) return undefined;
    const { entryId } = factDetails(row, row.ordinal);
    const proved = await this.prove(entryId);
    return isReadRefusal(proved) ? proved : { entryId, proof: proved.proof };
  }
}
