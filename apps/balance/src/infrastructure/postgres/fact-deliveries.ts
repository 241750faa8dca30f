import type { TimePartitionedTable } from '@steelyard/platform/postgres';

/** The log of deliveries that failed. */
export const FACT_DELIVERIES: TimePartitionedTable = {
  schema: 'balance',
  table: 'fact_deliveries',
  periodMs: 86_400_000,
  retentionMinMs: 86_400_000,
};
