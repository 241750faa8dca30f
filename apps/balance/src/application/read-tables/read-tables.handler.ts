import { bucketOf, tableAccountId, type Account } from '@steelyard/domain/accounts';
import type { PotRef } from '@steelyard/domain/posting';
import type { Pot, PotKey } from '@steelyard/domain/tables';
import type { Accounts } from '../read-accounts/read-accounts.handler.js';

/** Reads of committed pots. */
export abstract class Pots {
  /** undefined when there is none. Throws OutageError. */
  abstract find(ref: PotRef): Promise<Pot | undefined>;
}

export interface ReadTablesOptions {
  readonly buckets: number;
  readonly defaultCurrency: string;
}

/** Reads tables and the pots of their hands. */
export class ReadTablesHandler {
  readonly #pots: Pots;
  readonly #accounts: Accounts;
  readonly #options: ReadTablesOptions;

  constructor(pots: Pots, accounts: Accounts, options: ReadTablesOptions) {
    this.#pots = pots;
    this.#accounts = accounts;
    this.#options = options;
  }

  /** undefined: nobody has contributed to it yet. Throws OutageError. */
  pot({ tableId, handId }: PotKey): Promise<Pot | undefined> {
    // The pots of a table are in the bucket of its id.
    return this.#pots.find({ bucket: bucketOf(tableId, this.#options.buckets), tableId, handId });
  }

  /** The account that keeps a table's chips; undefined: nobody has bought in yet. Throws OutageError. */
  async table(tableId: string, currency?: string): Promise<Account | undefined> {
    const accountId = tableAccountId(tableId, currency ?? this.#options.defaultCurrency);
    const bucket = bucketOf(accountId, this.#options.buckets);
    const [account] = await this.#accounts.find([{ bucket, accountId }]);
    return account;
  }
}
