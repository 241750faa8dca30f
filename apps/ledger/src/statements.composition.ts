import { statementsV1 } from '@steelyard/contracts/grpc';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import { GetStatementHandler } from './application/get-statement/get-statement.handler.js';
import type { ProveEntryHandler } from './application/proofs/prove-entry.handler.js';
import { ChainRepository } from './infrastructure/postgres/chain.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { SealedEntryRepository } from './infrastructure/postgres/sealed-entry.repository.js';
import { StatementRepository } from './infrastructure/postgres/statement.repository.js';
import { statementRpcHandlers } from './transport/statement-rpc-handlers.js';

type EntryProofs = Pick<ProveEntryHandler, 'execute'>;

/** Statements over PostgreSQL, with proofs of what is sealed. */
export function statementUseCase(database: LedgerDatabase, proofs: EntryProofs): GetStatementHandler {
  const sealed = new SealedEntryRepository(database, (entryId) => proofs.execute({ entryId, treeSize: 0n }));
  return new GetStatementHandler(
    database,
    new ChainRepository(database),
    new StatementRepository(database),
    sealed,
  );
}

/** Statements as a service. */
export function composeStatements(database: LedgerDatabase, proofs: EntryProofs): readonly ServedService[] {
  const handlers = statementRpcHandlers(statementUseCase(database, proofs));
  return [serve(statementsV1.StatementServiceService, handlers)];
}
