import { LOADS, type Load } from '../load/account-choice.js';
import { MoveSource, type MoveKind } from '../load/move.js';
import type { Side } from '../measure/side.js';
import { EngineBooks } from '../product/engine-books.js';
import type { Leg } from './leg.js';

interface EngineCase {
  readonly kind: MoveKind;
  readonly batch: number;
  readonly load: Load;
  readonly isWide: boolean;
}

const BATCHES = [1, 10, 100, 500, 2_000];
const MAIN_BATCH = 500;
const KINDS: readonly MoveKind[] = ['transfer', 'deposit'];

/** What each of the other cases differs from in one respect: the side that the targets are about. */
const MAIN: EngineCase = { kind: 'transfer', batch: MAIN_BATCH, load: 'uniform', isWide: false };

const CASES: readonly EngineCase[] = [
  ...BATCHES.map((batch) => ({ ...MAIN, batch })),
  { ...MAIN, load: 'zipf' },
  { ...MAIN, load: 'hot' },
  { ...MAIN, kind: 'deposit' },
  { ...MAIN, kind: 'deposit', load: 'hot' },
  { ...MAIN, isWide: true },
  { ...MAIN, isWide: true, load: 'zipf' },
];

const ALL_CASES: readonly EngineCase[] = KINDS.flatMap((kind) =>
  [false, true].flatMap((isWide) =>
    LOADS.flatMap((load) => BATCHES.map((batch) => ({ kind, batch, load, isWide }))),
  ),
);

/** The posting engine alone, without a network: what every interface in front of it can reach at most. */
export const engineLeg: Leg = {
  name: 'engine',
  title: 'Posting engine in process',
  async run(bench) {
    const { server, options } = bench;
    const few = await EngineBooks.open(server, 'engine_few', options.accounts);
    bench.report(`opening ${options.manyAccounts.toLocaleString('en-US')} accounts`);
    const many = await EngineBooks.open(server, 'engine_many', options.manyAccounts);
    try {
      const cases = options.isFull ? ALL_CASES : CASES;
      const baselines = await bench.baselines(['tpcb', 'function', 'function-hot', 'naive', 'naive-hot']);
      const own = cases.map((one) => engineSide(one, one.isWide ? many : few));
      const sides = await bench.measure([...own, ...baselines]);
      bench.report('checking the books');
      return { sides, figures: [], checks: [await few.check(), await many.check()] };
    } finally {
      await Promise.all([few.close(), many.close()]);
    }
  },
};

function engineSide({ kind, batch, load, isWide }: EngineCase, books: EngineBooks): Side {
  const id = [kind, batch, load, isWide ? 'many' : 'few'].join('-');
  const source = new MoveSource({ keyPrefix: id, kind, load, accounts: books.accounts });
  const accounts = `${books.accounts.toLocaleString('en-US')} accounts`;
  return {
    id,
    title: `${kind}s, batch ${batch.toLocaleString('en-US')}, ${load}, ${accounts}`,
    kind: 'product',
    call: batch === 1 ? 'one command' : `${batch} commands`,
    processes: {},
    tally: books.tally,
    run: (seconds) => books.load({ batch, until: { seconds }, next: () => source.next() }),
  };
}
