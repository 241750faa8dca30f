import { setTimeout as delay } from 'node:timers/promises';
import { OutageError } from '@steelyard/platform/outage';
import { isRefused, type Refused } from '@steelyard/rest/refusals';

/** A step takes about a second; after this somebody else's is over. */
const BUSY_PAUSE_MS = 500;
/** So often in a row a check that is under way waits until the ledger app has a place for it. */
const BUSY_PAUSES_MAX = 60;

/** Part of a check that the ledger app answers step by step. */
export interface CheckStep {
  /** Empty: it was the last. */
  readonly nextCursor: string;
}

/**
 * Takes checks that may be long step by step, each a short call: so no deadline has to be as long as the longest chain,
 * and a check ends with the step during which its caller goes away, or this process is told to end.
 */
export class LongChecks {
  readonly #closing = new AbortController();

  /**
   * Asks for one step after the other, hands each on and returns the last. The first refusal ends it and is returned
   * instead; only that too many check at the moment is waited out, once the check is under way.
   *
   * @param caller aborted, with the error to end with, when nobody waits for the answer any more.
   * @throws OutageError when the ledger app does not answer, or when this process ends.
   */
  async run<Step extends CheckStep>(
    caller: AbortSignal,
    ask: (cursor: string) => Promise<Step | Refused>,
    take: (step: Step) => void = () => undefined,
  ): Promise<Step | Refused> {
    let cursor = '';
    let pauses = 0;
    // Bounded: the cursor moves on with every step, and the ledger app ends it at the end of the chains.
    for (;;) {
      this.#throwIfOver(caller);
      const step = await ask(cursor);
      if (isRefused(step)) {
        const isBusy = step.code === 'RATE_LIMITED' && cursor !== '' && pauses < BUSY_PAUSES_MAX;
        if (!isBusy) return step;
        pauses += 1;
        await delay(BUSY_PAUSE_MS);
        continue;
      }
      take(step);
      if (step.nextCursor === '') return step;
      cursor = step.nextCursor;
      pauses = 0;
    }
  }

  /** Ends the checks under way, each after its step: a process that is to end does not wait for them. */
  onModuleDestroy(): void {
    this.#closing.abort(new OutageError('the gateway is about to end: ask again'));
  }

  #throwIfOver(caller: AbortSignal): void {
    caller.throwIfAborted();
    this.#closing.signal.throwIfAborted();
  }
}
