import type { Load } from '../load/account-choice.js';
import { MoveSource, type MoveKind } from '../load/move.js';
import { restLoad } from '../load/rest-load.js';
import type { Side } from '../measure/side.js';
import { PlatformBooks } from '../product/platform-books.js';
import type { Leg } from './leg.js';

const CONNECTIONS = 32;
/** A window is a number of requests; it is estimated from the last one, beginning with this rate. */
const FIRST_GUESS_PER_SECOND = 1_000;
const GIVE_UP_FACTOR = 10;

const CASES: readonly { readonly kind: MoveKind; readonly load: Load }[] = [
  { kind: 'transfer', load: 'uniform' },
  { kind: 'transfer', load: 'hot' },
  { kind: 'deposit', load: 'uniform' },
  { kind: 'deposit', load: 'hot' },
];

/** `POST /transfers` and `POST /accounts/:id/deposit` through the gateway. */
export const restLeg: Leg = {
  name: 'rest',
  title: 'Single commands over REST',
  async run(bench) {
    const books = await PlatformBooks.open(bench.server, {
      name: 'rest',
      accounts: bench.options.accounts,
      apps: ['balance', 'ledger', 'gateway'],
    });
    try {
      const token = await books.platform.token(['operator']);
      const own = CASES.map(({ kind, load }) => singleSide(books, { kind, load, token }));
      const baselines = await bench.baselines(['tpcb', 'function', 'naive', 'naive-hot']);
      const sides = await bench.measure([...own, ...baselines]);
      bench.report('checking the books');
      return { sides, figures: [], checks: [await books.check()] };
    } finally {
      await books.close();
    }
  },
};

interface RestCase {
  readonly kind: MoveKind;
  readonly load: Load;
  readonly token: string;
}

function singleSide(books: PlatformBooks, { kind, load, token }: RestCase): Side {
  const id = `${kind}-${load}`;
  const source = new MoveSource({ keyPrefix: id, kind, load, accounts: books.accounts });
  const where = load === 'hot' ? 'hot account' : `${books.accounts.toLocaleString('en-US')} accounts`;
  let perSecond = FIRST_GUESS_PER_SECOND;
  return {
    id,
    title: `${kind}s, ${CONNECTIONS} connections, ${where}`,
    kind: 'product',
    call: 'one request',
    processes: books.processes,
    tally: books.tally,
    run: async (seconds) => {
      const result = await restLoad({
        apiUrl: books.platform.apiUrl,
        token,
        connections: CONNECTIONS,
        requests: Math.max(CONNECTIONS, Math.round(perSecond * seconds)),
        secondsMax: seconds * GIVE_UP_FACTOR,
        next: () => source.next(),
      });
      perSecond = result.accepted / result.seconds;
      return result;
    },
  };
}
