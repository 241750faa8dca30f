import { inTransaction } from '@steelyard/platform/postgres';
import { PublicationStore } from '../../application/publishing/publication-store.port.js';
import type { LedgerDatabase } from './ledger-database.js';

const REGISTER_TARGET = {
  name: 'register_publication_target',
  text: `insert into ledger.checkpoint_publications (target, tree_size) values ($1, $2) on conflict do nothing`,
};

/** No row: another process publishes there. */
const LOCK_TARGET = {
  name: 'lock_publication_target',
  text: `select tree_size from ledger.checkpoint_publications where target = $1 for update skip locked`,
};

const SAVE_TARGET = {
  name: 'save_publication_target',
  text: 'update ledger.checkpoint_publications set tree_size = $2, published_at_ms = $3 where target = $1',
};

export class PublicationRepository extends PublicationStore {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async register(target: string, treeSize: bigint): Promise<void> {
    await this.database.pool.query({ ...REGISTER_TARGET, values: [target, treeSize] });
  }

  override advance(
    target: string,
    work: (treeSize: bigint) => Promise<{ treeSize: bigint; publishedAtMs: number } | undefined>,
  ): Promise<boolean> {
    return inTransaction(
      this.database.pool,
      async (client) => {
        const { rows } = await client.query<{ tree_size: bigint }>({ ...LOCK_TARGET, values: [target] });
        const [row] = rows;
        if (row === undefined) return false;
        const moved = await work(row.tree_size);
        if (moved === undefined) return true;
        await client.query({ ...SAVE_TARGET, values: [target, moved.treeSize, moved.publishedAtMs] });
        return true;
      },
      // What was published is published; the next run finds the same.
      { attemptsMax: 1 },
    );
  }
}
