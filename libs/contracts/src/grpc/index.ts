import type { ServiceDefinition } from '@grpc/grpc-js';

/**
 * Nest finds an RPC by the name it has in the .proto file; the generated definitions are keyed in lower camel
 * case. This gives Nest's gRPC transport the generated codecs, so that int64 arrives as bigint and no .proto
 * file is needed at run time.
 */
export function nestDefinition(service: ServiceDefinition): ServiceDefinition {
  const named = Object.entries(service).map(([name, definition]) => [
    name.charAt(0).toUpperCase() + name.slice(1),
    { ...definition, originalName: name },
  ]);
  return Object.fromEntries(named) as ServiceDefinition;
}

export * as legacyBalance from '../gen/balance/balance.js';
export * as balanceV1 from '../gen/steelyard/balance/v1/balance.js';
export * as maintenanceV1 from '../gen/steelyard/balance/v1/maintenance.js';
export * as factsV1 from '../gen/steelyard/facts/v1/facts.js';
export * as ledgerV1 from '../gen/steelyard/ledger/v1/ledger.js';
export * as auditV1 from '../gen/steelyard/ledger/v1/audit.js';
export * as proofsV1 from '../gen/steelyard/ledger/v1/proofs.js';
export * as reconciliationV1 from '../gen/steelyard/ledger/v1/reconciliation.js';
export * as statementsV1 from '../gen/steelyard/ledger/v1/statements.js';
export * as moneyV1 from '../gen/steelyard/money/v1/transaction.js';
export * as alertsV1 from '../gen/steelyard/notifications/v1/alerts.js';
export * as analyticsV1 from '../gen/steelyard/analytics/v1/supply.js';
