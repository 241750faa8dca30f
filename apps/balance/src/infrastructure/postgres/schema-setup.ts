import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { ensureRole, migrate } from '@steelyard/platform/postgres';
import { MIGRATIONS } from './migrations/index.js';

export const BALANCE_ROLE = 'steelyard_balance';
export const LEDGER_ROLE = 'steelyard_ledger';

// Any constant will do, as long as no other service migrates under it.
const MIGRATION_LOCK_KEY = 7_301;

// The service reads, and writes money through the function alone; keys that have expired it may delete.
const BALANCE_GRANTS = [
  'usage on schema balance, ledger',
  'select on all tables in schema balance, ledger',
  'delete on balance.idempotency',
  // Of one column, and that one never changes: it is what taking the heads' row locks asks for.
  'update (bucket) on balance.heads',
  'execute on all functions in schema balance',
  // Which facts were brought to whom is no money: the service keeps it as it delivers.
  'insert, update on balance.fact_positions',
  'insert on balance.fact_deliveries',
];
const LEDGER_GRANTS = ['usage on schema balance, ledger', 'select on all tables in schema balance, ledger'];

const CHOOSE_ONCE = `insert into balance.deployment (only_row, buckets, default_currency)
  values (true, $1, $2) on conflict (only_row) do nothing`;
// Also where an earlier release chose the rest. Of several processes at once the first one's stays.
const NAME_ONCE = 'update balance.deployment set deployment_id = $1 where deployment_id is null';
const CREATE_HEADS = `insert into balance.heads (bucket, sequence, committed_at_ms)
  select bucket, 0, 0 from generate_series(0, $1::int - 1) as bucket on conflict (bucket) do nothing`;

/** What is chosen when a deployment first starts, and fixed from then on. */
export interface DeploymentChoice {
  readonly buckets: number;
  readonly defaultCurrency: string;
}

/** The configuration asks for something else than what the deployment began with. */
export class DeploymentMismatchError extends Error {
  override readonly name = 'DeploymentMismatchError';
}

/**
 * Brings the schema up to date, creates the services' roles, and fixes the deployment's choices at the first
 * start. Safe when several processes start at once. @throws DeploymentMismatchError
 */
export async function setUpSchema(url: string, choice: DeploymentChoice): Promise<void> {
  if (choice.buckets < 1 || choice.buckets > BUCKETS_MAX) {
    throw new DeploymentMismatchError(`BUCKETS must lie within 1 and ${BUCKETS_MAX}`);
  }
  await migrate(url, MIGRATIONS, { schema: 'balance', lockKey: MIGRATION_LOCK_KEY });
  const client = new pg.Client({ connectionString: url, application_name: 'steelyard schema set-up' });
  await client.connect();
  try {
    await ensureRole(client, BALANCE_ROLE, BALANCE_GRANTS);
    await ensureRole(client, LEDGER_ROLE, LEDGER_GRANTS);
    await fixChoice(client, choice);
  } finally {
    await client.end();
  }
}

async function fixChoice(client: pg.Client, choice: DeploymentChoice): Promise<void> {
  await client.query(CHOOSE_ONCE, [choice.buckets, choice.defaultCurrency]);
  await client.query(NAME_ONCE, [randomUUID()]);
  const { rows } = await client.query<{ buckets: number; default_currency: string }>(
    'select buckets, default_currency from balance.deployment',
  );
  const stored = rows[0];
  if (stored?.buckets !== choice.buckets) {
    throw new DeploymentMismatchError(
      `BUCKETS is ${choice.buckets}, but this database was set up with ${stored?.buckets}; it can never change`,
    );
  }
  if (stored.default_currency !== choice.defaultCurrency) {
    throw new DeploymentMismatchError(
      `DEFAULT_CURRENCY is ${choice.defaultCurrency}, but this database was set up with ${stored.default_currency}`,
    );
  }
  await client.query(CREATE_HEADS, [choice.buckets]);
}
