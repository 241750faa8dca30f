import {
  auditV1,
  factsV1,
  ledgerV1,
  proofsV1,
  reconciliationV1,
  statementsV1,
} from '@steelyard/contracts/grpc';
import { servicesByName } from '@steelyard/platform/grpc';
import type { AppDefinition } from '@steelyard/platform/lifecycle';
import { loadConfig, type LedgerConfig } from './config.js';
import { LedgerModule } from './ledger.module.js';

/** The ledger app: reads and proofs of what the balance app posted. */
export const LEDGER_APP: AppDefinition<LedgerConfig> = {
  name: 'ledger',
  loadConfig: () => loadConfig(),
  module: (config, runtime) => LedgerModule.register(config, runtime),
  port: (config) => config.LEDGER_HTTP_PORT,
  host: (config) => config.HOST,
  grpc: (config) => ({
    services: servicesByName(
      ledgerV1.LedgerServiceService,
      factsV1.FactConsumerServiceService,
      auditV1.AuditServiceService,
      reconciliationV1.ReconciliationServiceService,
      proofsV1.ProofServiceService,
      statementsV1.StatementServiceService,
    ),
    url: `${config.HOST}:${config.LEDGER_GRPC_PORT}`,
  }),
};
