import { timePartitionsSql } from '@steelyard/platform/postgres';
import { FACT_DELIVERIES } from '../fact-deliveries.js';

/** How far committed facts were brought to whom, and which attempts failed. */
export const CREATE_FACT_POSITIONS = `
-- One row a bucket and consumer. It moves only from where it was, by the process that leases it.
create table balance.fact_positions (
  -- The last fact of the bucket that the consumer has.
  sequence bigint not null check (sequence >= 0),
  -- Until then the owner alone delivers; 0: nobody does. By the database's clock, like the next.
  lease_until_ms bigint not null,
  -- Not before this, after an attempt that failed.
  next_attempt_at_ms bigint not null,
  updated_at_ms bigint not null,
  -- Attempts that failed since the last that succeeded.
  failures integer not null check (failures >= 0),
  bucket smallint not null,
  consumer text collate "C" not null,
  -- The process that leases it.
  owner text collate "C",
  primary key (bucket, consumer)
) with (fillfactor = 25);

-- Attempts that failed: the first, the second, the fourth, the eighth ... in a row, so that an outage that lasts
-- fills a few rows. Partitioned by time.
create table balance.fact_deliveries (
  attempted_at_ms bigint not null,
  after_sequence bigint not null,
  -- Of the delivery; 0 when it did not come to one.
  facts integer not null,
  attempt integer not null,
  bucket smallint not null,
  consumer text collate "C" not null,
  reason text not null,
  primary key (bucket, consumer, attempted_at_ms)
) partition by range (attempted_at_ms);
${timePartitionsSql(FACT_DELIVERIES)}

-- Tells facts of this database from those of another with the same buckets and sequences. Chosen at the first start.
alter table balance.deployment add column deployment_id uuid;`;
