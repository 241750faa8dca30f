import type { LoadResult } from '../load/load-recorder.js';
import type { Side } from '../measure/side.js';
import { HoldBooks } from '../product/hold-books.js';
import { HoldCalls } from '../product/hold-calls.js';
import { SEATS } from '../product/hold-commands.js';
import type { Leg } from './leg.js';

const BATCH = 500;
const HANDS = 70;
const IN_FLIGHT = 64;

/** Reservations, contributions and settlements: on the engine alone in batches, and one at a time over gRPC. */
export const holdsLeg: Leg = {
  name: 'holds',
  title: 'Holds, pots and settlements',
  async run(bench) {
    const { server, options } = bench;
    const engine = await HoldBooks.open(server, 'holds_engine', options.accounts);
    const calls = await HoldCalls.open(server, 'holds_grpc', options.accounts);
    try {
      const own = [...engineSides(engine), ...callSides(calls)];
      const sides = await bench.measure([...own, ...(await bench.baselines(['tpcb']))]);
      bench.report('checking the books');
      return { sides, figures: [], checks: [await engine.check(), await calls.check()] };
    } finally {
      await Promise.all([engine.close(), calls.close()]);
    }
  },
};

function engineSides(books: HoldBooks): Side[] {
  const side = (id: string, title: string, run: (seconds: number) => Promise<LoadResult>): Side => ({
    id: `engine-${id}`,
    title: `engine: ${title}`,
    kind: 'product',
    call: 'one batch',
    processes: {},
    tally: books.tally,
    run,
  });
  return [
    side('reserve-commit', `reserve and commit, batch ${BATCH}`, (seconds) =>
      books.reserveAndCommit(BATCH, seconds),
    ),
    side('contribute', `contributions, batch ${BATCH}`, (seconds) => books.contribute(BATCH, seconds)),
    side('hands', `hands of ${SEATS} contributions and a settlement, ${HANDS} a batch`, (seconds) =>
      books.playHands(HANDS, seconds),
    ),
  ];
}

function callSides(calls: HoldCalls): Side[] {
  const side = (id: string, title: string, run: (seconds: number) => Promise<LoadResult>): Side => ({
    id: `grpc-${id}`,
    title: `gRPC: ${title}, ${IN_FLIGHT} in flight`,
    kind: 'product',
    call: 'one command or more, one after the other',
    processes: calls.processes,
    tally: calls.tally,
    run,
  });
  return [
    side('reserve-commit', 'reserve and commit', (seconds) => calls.reserveAndCommit(IN_FLIGHT, seconds)),
    side('contribute', 'contributions', (seconds) => calls.contribute(IN_FLIGHT, seconds)),
    side('hands', `hands of ${SEATS} contributions and a settlement`, (seconds) =>
      calls.playHands(IN_FLIGHT, seconds),
    ),
  ];
}
