import pg, { type QueryResultRow } from 'pg';

export interface Superuser {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  end(): Promise<void>;
}

/** A connection that may change everything. */
export async function openSuperuser(url: string): Promise<Superuser> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    query: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
      const { rows } = await client.query<Row>(text, values);
      return rows;
    },
    end: () => client.end(),
  };
}
