import type { Fact, FactHandler, FactTransaction } from '@steelyard/facts/inbox';
import { draftsOf } from '../../../application/audit/fact-drafts.js';
import { appendAuditRecords } from './audit-writer.js';

/** Makes a record of every committed change of an account, in the transaction that moves the inbox. */
export class AuditFactHandler implements FactHandler {
  readonly name = 'audit';
  readonly takesManyBuckets = true;

  async apply(transaction: FactTransaction, facts: readonly Fact[]): Promise<void> {
    await appendAuditRecords(transaction, facts.flatMap(draftsOf), 'facts');
  }
}
