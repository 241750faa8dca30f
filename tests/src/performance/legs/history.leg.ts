import { MoveSource } from '../load/move.js';
import type { Side } from '../measure/side.js';
import { derivationFigures } from '../product/derived-books.js';
import { EngineBooks } from '../product/engine-books.js';
import { LedgerReads } from '../product/ledger-reads.js';
import type { Figure } from '../results.types.js';
import { perSecond } from '../report/statistics.js';
import type { Bench, Leg } from './leg.js';
import { bareStorageFigure, settle, storageFigures, storedBytes } from './storage.js';
import { verificationFigures } from './verification.js';

/** The ledger that the large one is compared with. */
const SMALL_ENTRIES = 10_000;
const ENTRIES_PER_TRANSFER = 2;
const BARE_TRANSFERS = 20_000;
const BATCH = 500;
/** Postings of one window: few, so that the small ledger stays small. */
const WINDOW_CALLS = 20;
/** The windows are short, so there are more of them. */
const ROUNDS_FACTOR = 3;

/** What a ledger costs that has been running for a while: space, growth, proofs, time travel. */
export const historyLeg: Leg = {
  name: 'history',
  title: 'A ledger with a history',
  async run(bench) {
    const { server, options, signal } = bench;
    const small = await EngineBooks.open(server, 'history_small', options.accounts);
    const large = await EngineBooks.open(server, 'history_large', options.accounts);
    try {
      await small.fill(SMALL_ENTRIES / ENTRIES_PER_TRANSFER, { signal });
      const startedAtMs = Date.now();
      const storage = [...(await fillMeasured(bench, large)), await bareStorage(bench)];
      bench.report('vacuuming the large ledger');
      await settle(large.url);
      const sides = await bench.measure([growthSide(small, 'small'), growthSide(large, 'large')], {
        rounds: options.rounds * ROUNDS_FACTOR,
      });
      const growth = growthFigure(perSecond(sides[0]).median, perSecond(sides[1]).median);
      await Promise.all([small.close(), large.close()]);
      const proofs = await verificationFigures(bench, large.url);
      bench.report('sealing the ledger, and deriving the audit trail');
      const transactions = options.entries / ENTRIES_PER_TRANSFER;
      const derived = await derivationFigures({ url: large.url, transactions, signal });
      const { side, figures } = await readHistory(bench, large, { startedAtMs });
      bench.report('checking the books');
      return {
        sides: [...sides, ...side],
        figures: [...storage, growth, ...proofs, ...derived, ...figures],
        checks: [await small.check(), await large.check()],
      };
    } finally {
      await Promise.all([small.close(), large.close()]);
    }
  },
};

async function fillMeasured(bench: Bench, books: EngineBooks): Promise<Figure[]> {
  const transactions = Math.round(bench.options.entries / ENTRIES_PER_TRANSFER);
  bench.report(`posting ${transactions.toLocaleString('en-US')} transfers for the large ledger`);
  const before = await storedBytes(books.url);
  const walBefore = await bench.server.walBytes();
  await books.fill(transactions, { signal: bench.signal });
  const wal = (await bench.server.walBytes()) - walBefore;
  return storageFigures({ before, after: await storedBytes(books.url), transactions }, wal);
}

/** What the same takes without reason and metadata. */
async function bareStorage({ server, options, signal }: Bench): Promise<Figure> {
  const books = await EngineBooks.open(server, 'history_bare', options.accounts);
  try {
    const before = await storedBytes(books.url);
    await books.fill(BARE_TRANSFERS, { signal, isBare: true });
    return bareStorageFigure({ before, after: await storedBytes(books.url), transactions: BARE_TRANSFERS });
  } finally {
    await books.close();
  }
}

function growthSide(books: EngineBooks, size: 'small' | 'large'): Side {
  const { accounts, tally } = books;
  const source = new MoveSource({ keyPrefix: `growth-${size}`, kind: 'transfer', load: 'uniform', accounts });
  return {
    id: `growth-${size}`,
    title: `transfers, batch ${BATCH}, on the ${size} ledger`,
    kind: 'product',
    call: `${BATCH} commands`,
    processes: {},
    tally,
    run: () => books.load({ batch: BATCH, until: { calls: WINDOW_CALLS }, next: () => source.next() }),
  };
}

function growthFigure(small: number, large: number): Figure {
  return {
    id: 'growth',
    title: 'cost of a posting on the large ledger, relative to the small one',
    value: small / large,
    unit: 'times',
  };
}

/** The ledger app on the large ledger: its verification and its balances at an instant. */
async function readHistory(bench: Bench, books: EngineBooks, { startedAtMs }: { startedAtMs: number }) {
  bench.report('vacuuming the ledger');
  await settle(books.url);
  bench.report('starting the ledger app');
  const reads = await LedgerReads.start(books.url);
  try {
    bench.report('verifying the whole ledger through the ledger app');
    const figures = await reads.verifyAll(bench.signal, bench.server.pid);
    const window = { accounts: books.accounts, fromMs: startedAtMs, toMs: Date.now() };
    const sides = [...reads.balanceAtSides(window), ...(await reads.listEndSides(books.accounts))];
    return { figures, side: await bench.measure(sides) };
  } finally {
    await reads.stop();
  }
}
