import { parseId } from '@steelyard/domain/posting';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { LedgerTransaction, TransactionReads } from './transaction-reads.port.js';

/** Shows one transaction. Its id says where it is, so that no index on ids is needed. */
export class GetTransactionHandler {
  constructor(private readonly reads: TransactionReads) {}

  /** Refuses with TRANSACTION_NOT_FOUND, also when the id is none that the platform gives. */
  async execute(request: {
    readonly transactionId: string;
  }): Promise<{ transaction: LedgerTransaction } | ReadRefusal> {
    const place = parseId(request.transactionId);
    if (place === undefined || place.ordinal !== 0) return unknownTransaction(request.transactionId);
    const [transaction] = await this.reads.findTransactions([place]);
    // The time in the id must agree too: a made-up id must not find whatever is at its place.
    if (transaction?.transactionId !== request.transactionId.toLowerCase()) {
      return unknownTransaction(request.transactionId);
    }
    return { transaction };
  }
}

/** Longer texts than an id are not echoed. */
const ID_CHARACTERS = 36;

function unknownTransaction(transactionId: string): ReadRefusal {
  const shown = transactionId.length === ID_CHARACTERS ? ` ${transactionId}` : ' with this id';
  return refuseRead('TRANSACTION_NOT_FOUND', `There is no transaction${shown}`, 'transactionId');
}
