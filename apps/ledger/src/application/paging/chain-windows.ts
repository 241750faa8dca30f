import type { BoundQuestion, Chain, ChainReads } from '../accounts/chain-reads.port.js';
import type { PagePosition } from './page-cursor.js';

/** The part of one chain that a page is taken from: sequences from `low` to `high`, empty when low > high. */
export interface ChainWindow {
  readonly bucket: number;
  readonly low: bigint;
  readonly high: bigint;
}

export interface WindowFilter {
  readonly fromMs?: bigint | undefined;
  readonly toMs?: bigint | undefined;
  readonly after?: PagePosition | undefined;
}

export interface Windows {
  /** What is left of each chain after the cursor; empty ones are left out. */
  readonly windows: readonly ChainWindow[];
  /** The same as if there were no cursor. */
  readonly filtered: readonly ChainWindow[];
  /** Entries in `filtered`. */
  readonly total: bigint;
}

/**
 * Turns times and a cursor into bounds on each chain's sequences. Commit times do not decrease along a chain,
 * so that every bound is found by a search over its key, and counting is subtraction: nothing is scanned.
 */
export async function findWindows(
  reads: ChainReads,
  accountId: string,
  options: { readonly chains: readonly Chain[]; readonly filter: WindowFilter },
): Promise<Windows> {
  const search = new BoundSearch();
  const pending = options.chains.map((chain) => ({ chain, ...planWindow(search, chain, options.filter) }));
  await search.run(reads, accountId);
  const filtered = pending.map(({ chain, low, high }) => ({
    bucket: chain.bucket,
    low: low() + 1n,
    high: high(),
  }));
  const windows = filtered.map((window, index) => {
    const ceiling = pending[index]?.ceiling() ?? window.high;
    return ceiling < window.high ? { ...window, high: ceiling } : window;
  });
  return {
    windows: windows.filter(isFilled),
    filtered: filtered.filter(isFilled),
    total: filtered.filter(isFilled).reduce((sum, { low, high }) => sum + high - low + 1n, 0n),
  };
}

function isFilled(window: ChainWindow): boolean {
  return window.low <= window.high;
}

function planWindow(search: BoundSearch, chain: Chain, filter: WindowFilter) {
  const lastAt = (atMs: bigint): (() => bigint) =>
    search.ask({ bucket: chain.bucket, high: chain.sequence, atMs });
  const { fromMs, toMs, after } = filter;
  return {
    low: fromMs === undefined ? () => 0n : lastAt(fromMs - 1n),
    high: toMs === undefined ? () => chain.sequence : lastAt(toMs),
    ceiling: after === undefined ? () => chain.sequence : planCeiling(chain, after, lastAt),
  };
}

/** The last entry of a chain that comes after `after` in the merged order, newest first. */
function planCeiling(
  chain: Chain,
  after: PagePosition,
  lastAt: (atMs: bigint) => () => bigint,
): () => bigint {
  if (chain.bucket === after.bucket) return () => after.sequence - 1n;
  return lastAt(chain.bucket < after.bucket ? after.committedAtMs : after.committedAtMs - 1n);
}

/** Collects questions so that all of them are answered in one round trip. */
class BoundSearch {
  private readonly questions: BoundQuestion[] = [];
  private answers: readonly bigint[] = [];

  ask(question: BoundQuestion): () => bigint {
    const index = this.questions.push(question) - 1;
    return () => this.answers[index] ?? 0n;
  }

  async run(reads: ChainReads, accountId: string): Promise<void> {
    if (this.questions.length === 0) return;
    this.answers = await reads.findBounds(accountId, this.questions);
  }
}
