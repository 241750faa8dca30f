import { beforeAll } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { createBalanceSchema } from './balance-schema.js';
import { LedgerBuilder } from './ledger-builder.js';

export interface Books {
  readonly url: string;
  readonly builder: LedgerBuilder;
}

/** Gives the suite that calls it a database with what the balance app creates at its first start. */
export function useBooks(buckets = 4): Books {
  const database = useDatabase();
  let builder: LedgerBuilder | undefined;
  beforeAll(async () => {
    await createBalanceSchema(database.url, buckets);
    builder = new LedgerBuilder(database.url, buckets);
  });
  return {
    get url() {
      return database.url;
    },
    get builder() {
      if (builder === undefined) throw new Error('the books exist only while hooks and tests run');
      return builder;
    },
  };
}
