import { BooksReads, type CurrencyBooks } from '../../application/get-status/books-reads.port.js';
import type { LedgerDatabase } from './ledger-database.js';
import { READ_BOOKS } from './verification.sql.js';

export class BooksRepository extends BooksReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async readBooks(): Promise<readonly CurrencyBooks[]> {
    const { rows } = await this.database.pool.query<CurrencyBooks>(READ_BOOKS);
    return rows;
  }
}
