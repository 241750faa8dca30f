import type { PoolClient } from 'pg';

interface BalanceRow {
  readonly bucket: number;
  readonly account_id: string;
  readonly balance: bigint;
}

interface HeldRow {
  account_id: string;
  held: bigint;
  open: bigint;
  next_expiry_at_ms: bigint | null;
  first_expiry_at_ms: bigint | null;
}

interface CommitRow {
  bucket: number;
  sequence: bigint;
  captured: bigint;
  moved: bigint | null;
}

interface PotRow {
  bucket: number;
  table_id: string;
  hand_id: string;
  currency: string;
  status: number;
  seats: string;
}

interface StoredSeat {
  readonly contributed: string;
  readonly returned: string;
}

const HELD = `
  select account.account_id, account.held, account.next_expiry_at_ms,
         coalesce(sum(held.amount), 0)::bigint as open, min(held.expires_at_ms) as first_expiry_at_ms
  from balance.accounts as account
  left join balance.reservations as held
    on held.bucket = account.bucket and held.account_id = account.account_id and held.status = 1
  group by account.bucket, account.account_id, account.held, account.next_expiry_at_ms`;
// What the holder paid by the commit.
const COMMITS = `
  select held.bucket, held.sequence, held.captured, -entry.amount as moved
  from balance.reservations as held
  left join ledger.entries as entry
    on entry.bucket = held.bucket and entry.fact_sequence = held.transaction_sequence
   and entry.account_id = held.account_id
  where held.status = 2`;
const POTS = 'select bucket, table_id, hand_id, currency, status, seats from balance.pots';
const ACTIVE = 1;

/** What is held of every account is what its open reservations hold, and every commit moved what it says. */
export async function faultsOfHolds(client: PoolClient): Promise<string[]> {
  const { rows: held } = await client.query<HeldRow>(HELD);
  const { rows: commits } = await client.query<CommitRow>(COMMITS);
  return [
    ...held
      .filter((row) => row.held !== row.open)
      .map((row) => `${row.account_id} holds ${row.held}, its open reservations ${row.open}`),
    ...held
      .filter((row) => row.first_expiry_at_ms !== null && !isSeenInTime(row))
      .map((row) => `${row.account_id} would not see that its first reservation has ended`),
    ...commits
      .filter((row) => row.moved !== row.captured)
      .map((row) => `${row.bucket}/${row.sequence} captured ${row.captured} and moved ${row.moved}`),
  ];
}

function isSeenInTime({ next_expiry_at_ms: next, first_expiry_at_ms: first }: HeldRow): boolean {
  return next !== null && first !== null && next <= first;
}

/** The chips of a pot are those that its seats have put in, and none when it has ended. */
export async function faultsOfPots(client: PoolClient, accounts: readonly BalanceRow[]): Promise<string[]> {
  const { rows } = await client.query<PotRow>(POTS);
  const balances = new Map(
    accounts.map(({ bucket, account_id: id, balance }) => [`${bucket} ${id}`, balance]),
  );
  return rows.flatMap((row) => {
    const name = `@pot/${row.table_id}/${row.hand_id}/${row.currency}`;
    const chips = balances.get(`${row.bucket} ${name}`) ?? 0n;
    const expected = row.status === ACTIVE ? chipsOf(row) : 0n;
    return chips === expected ? [] : [`${name} has ${chips}, its seats say ${expected}`];
  });
}

function chipsOf({ seats }: PotRow): bigint {
  const stored = JSON.parse(seats) as readonly StoredSeat[];
  return stored.reduce((sum, { contributed, returned }) => sum + BigInt(contributed) - BigInt(returned), 0n);
}
