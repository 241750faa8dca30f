import type { Load } from '../load/account-choice.js';
import { closedLoop } from '../load/closed-loop.js';
import { MoveSource } from '../load/move.js';
import type { Side } from '../measure/side.js';
import { postBatch } from '../product/batch-api.js';
import { PlatformBooks } from '../product/platform-books.js';
import type { Leg } from './leg.js';

interface BatchCase {
  readonly items: number;
  readonly inFlight: number;
  readonly load: Load;
}

/** A few in flight: one is decided, one is written, and the others are on their way. */
const CASES: readonly BatchCase[] = [
  { items: 500, inFlight: 4, load: 'uniform' },
  { items: 2_000, inFlight: 3, load: 'uniform' },
  { items: 500, inFlight: 4, load: 'hot' },
];

/** `POST /transactions/batch` through the gateway, as an import uses it. */
export const httpLeg: Leg = {
  name: 'http',
  title: 'Batch API over HTTP',
  async run(bench) {
    const books = await PlatformBooks.open(bench.server, {
      name: 'http',
      accounts: bench.options.accounts,
      apps: ['balance', 'ledger', 'gateway'],
    });
    try {
      const token = await books.platform.token(['operator']);
      const own = CASES.map((one) => batchSide(one, books, token));
      const sides = await bench.measure([...own, ...(await bench.baselines(['tpcb', 'function', 'naive']))]);
      bench.report('checking the books');
      return { sides, figures: [], checks: [await books.check()] };
    } finally {
      await books.close();
    }
  },
};

function batchSide({ items, inFlight, load }: BatchCase, books: PlatformBooks, token: string): Side {
  const id = `transfer-${items}-${load}`;
  const source = new MoveSource({ keyPrefix: id, kind: 'transfer', load, accounts: books.accounts });
  const { apiUrl } = books.platform;
  const call = () => postBatch(apiUrl, token, source.take(items));
  return {
    id,
    title: `transfers, ${items.toLocaleString('en-US')} items, ${inFlight} in flight, ${load}`,
    kind: 'product',
    call: `${items} items`,
    processes: books.processes,
    tally: books.tally,
    run: (seconds) => closedLoop({ inFlight, commandsPerCall: items, until: { seconds }, call }),
  };
}
