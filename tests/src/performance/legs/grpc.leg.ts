import type { Load } from '../load/account-choice.js';
import { closedLoop } from '../load/closed-loop.js';
import { MoveSource, type MoveKind } from '../load/move.js';
import { openLoop } from '../load/open-loop.js';
import type { Side } from '../measure/side.js';
import { PlatformBooks } from '../product/platform-books.js';
import type { Leg } from './leg.js';

const IN_FLIGHT = 64;
const OPEN_LOOP_PER_SECOND = 1_000;
/** Ten seconds of the load: more means that the side is not keeping up at all. */
const OPEN_LOOP_IN_FLIGHT_MAX = 10_000;

const CASES: readonly { readonly kind: MoveKind; readonly load: Load }[] = [
  { kind: 'transfer', load: 'uniform' },
  { kind: 'transfer', load: 'hot' },
  { kind: 'deposit', load: 'uniform' },
  { kind: 'deposit', load: 'hot' },
];

/** `steelyard.balance.v1` Execute with one command a call, straight to the balance app. */
export const grpcLeg: Leg = {
  name: 'grpc',
  title: 'Single commands over gRPC',
  async run(bench) {
    const { accounts } = bench.options;
    const books = await PlatformBooks.open(bench.server, { name: 'grpc', accounts, apps: ['balance'] });
    try {
      const own = [...CASES.map(({ kind, load }) => singleSide(books, kind, load)), pacedSide(books)];
      const baselines = await bench.baselines(['tpcb', 'function', 'naive', 'naive-hot']);
      const sides = await bench.measure([...own, ...baselines]);
      bench.report('checking the books');
      return { sides, figures: [], checks: [await books.check()] };
    } finally {
      await books.close();
    }
  },
};

function singleSide(books: PlatformBooks, kind: MoveKind, load: Load): Side {
  const id = `${kind}-${load}`;
  const source = new MoveSource({ keyPrefix: id, kind, load, accounts: books.accounts });
  const call = () => books.execute([source.next()]);
  const where = load === 'hot' ? 'hot account' : `${books.accounts.toLocaleString('en-US')} accounts`;
  return {
    id,
    title: `${kind}s, ${IN_FLIGHT} in flight, ${where}`,
    kind: 'product',
    call: 'one command',
    processes: books.processes,
    tally: books.tally,
    run: (seconds) => closedLoop({ inFlight: IN_FLIGHT, commandsPerCall: 1, until: { seconds }, call }),
  };
}

function pacedSide(books: PlatformBooks): Side {
  const id = 'paced-transfer-uniform';
  const { accounts, processes, tally } = books;
  const source = new MoveSource({ keyPrefix: id, kind: 'transfer', load: 'uniform', accounts });
  const call = () => books.execute([source.next()]);
  return {
    id,
    title: `transfers, open loop at ${OPEN_LOOP_PER_SECOND.toLocaleString('en-US')} a second`,
    kind: 'product',
    call: 'one command, from the instant it was due',
    isPaced: true,
    processes,
    tally,
    run: (seconds) =>
      openLoop({ perSecond: OPEN_LOOP_PER_SECOND, seconds, inFlightMax: OPEN_LOOP_IN_FLIGHT_MAX, call }),
  };
}
