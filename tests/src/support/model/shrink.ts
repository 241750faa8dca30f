import type { Disagreement } from './agreement-run.js';
import type { Operation } from './operations.js';

/** Executes some operations from nothing: a database, an app and a model of their own. */
export type Attempt = (operations: readonly Operation[]) => Promise<Disagreement | undefined>;

export interface Shrunk {
  readonly operations: readonly Operation[];
  readonly disagreement: Disagreement;
  readonly attempts: number;
}

/**
 * Looks for a short sequence that still disagrees: cuts what came after the failure, then leaves out ever smaller
 * pieces of the rest. An attempt takes a second or so; after `attemptsMax` the shortest so far is given.
 */
export async function shrink(
  failing: readonly Operation[],
  first: Disagreement,
  { attempt, attemptsMax }: { readonly attempt: Attempt; readonly attemptsMax: number },
): Promise<Shrunk> {
  let operations = failing.filter(({ index }) => index <= first.index);
  let disagreement = first;
  let attempts = 0;
  for (let size = Math.ceil(operations.length / 2); size >= 1; size = nextSize(size)) {
    for (let from = 0; from < operations.length && attempts < attemptsMax;) {
      const rest = [...operations.slice(0, from), ...operations.slice(from + size)];
      attempts += 1;
      const found = rest.length === 0 ? undefined : await attempt(rest);
      if (!found) {
        from += size;
        continue;
      }
      operations = rest.filter(({ index }) => index <= found.index);
      disagreement = found;
    }
  }
  return { operations, disagreement, attempts };
}

/** 0 after the single operations were tried. */
function nextSize(size: number): number {
  return size === 1 ? 0 : Math.ceil(size / 2);
}
