import { Client } from 'pg';
import { storedAccounts } from '../support/stored-chains.js';

/** What is stored after a replay. */
export interface StoredBooks {
  /** Balances by account id; the parts of shared accounts added up. */
  readonly balances: ReadonlyMap<string, bigint>;
  /** Sums of account versions and numbers of rows: equal before and after when nothing was written. */
  readonly marks: Readonly<Record<string, bigint>>;
  /** Accounts whose chain is broken. */
  readonly faults: readonly string[];
  readonly held: bigint;
  readonly sum: bigint;
}

const COUNTS = `
select (select count(*) from ledger.entries) as entries,
  (select count(*) from balance.facts) as facts,
  (select sum(sequence) from balance.heads) as heads,
  (select count(*) from balance.reservations) as reservations,
  (select count(*) from balance.pots) as pots,
  (select count(*) from balance.idempotency) as keys`;

/** Reads the stored books from below the platform, every chain recomputed. */
export async function readStoredBooks(databaseUrl: string): Promise<StoredBooks> {
  const accounts = await storedAccounts(databaseUrl);
  const balances = new Map<string, bigint>();
  for (const { accountId, balance } of accounts) {
    balances.set(accountId, (balances.get(accountId) ?? 0n) + balance);
  }
  const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
  return {
    balances,
    marks: { ...(await readMarks(databaseUrl)), versions: sumOf(accounts.map(({ version }) => version)) },
    faults: accounts.flatMap(({ accountId, fault }) =>
      fault === undefined ? [] : [`${accountId}: ${fault}`],
    ),
    held: sumOf(accounts.map(({ held }) => held)),
    sum: sumOf([...balances.values()]),
  };
}

/** How many rows there are, by what they are. */
export async function readMarks(databaseUrl: string): Promise<Readonly<Record<string, bigint>>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, string>>(COUNTS);
    return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, count]) => [name, BigInt(count)]));
  } finally {
    await client.end();
  }
}
