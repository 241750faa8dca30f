import { FactConsumer, type FactConfig } from '@steelyard/facts/consumer';
import type { FactDatabase, FactHandler } from '@steelyard/facts/inbox';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { AuditFactHandler } from './infrastructure/postgres/audit/audit-fact.handler.js';
import { EffectiveTimesHandler } from './infrastructure/postgres/effective-times.handler.js';

/** What the ledger derives from committed facts, in the order in which it is applied. */
export function ledgerFactHandlers(): readonly FactHandler[] {
  return [new EffectiveTimesHandler(), new AuditFactHandler()];
}

/** The ledger's consumption of facts: its service is served, and it is a provider of the module. */
export function composeFacts(database: FactDatabase, config: FactConfig, runtime: AppRuntime): FactConsumer {
  return new FactConsumer({ database, schema: 'ledger', handlers: ledgerFactHandlers() }, config, runtime);
}
