import { describe, expect, it } from '@jest/globals';
import { TurnBatcher, type TurnBatcherLimits } from './turn-batcher.js';

const LIMITS: TurnBatcherLimits = {
  countMax: 3,
  bytesMax: 100,
  inFlightMax: 1,
  waitingMax: 8,
  waitMaxMs: 1_000,
};

/** A batcher whose calls are answered when the test says so. */
function harness(limits: Partial<TurnBatcherLimits> = {}) {
  const calls: {
    items: readonly number[];
    answer: (results: readonly string[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  const clock = { nowMs: 0 };
  const batcher = new TurnBatcher<number, string>({
    limits: { ...LIMITS, ...limits },
    send: (items) => new Promise((answer, fail) => calls.push({ items, answer, fail })),
    bytesOf: (item) => item,
    overloaded: () => new Error('overloaded'),
    now: () => clock.nowMs,
  });
  const answerNext = async (): Promise<readonly number[]> => {
    await turn();
    const call = calls.shift();
    if (!call) throw new Error('there is no call');
    call.answer(call.items.map((item) => `r${item}`));
    await turn();
    return call.items;
  };
  return { batcher, calls, clock, answerNext };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('TurnBatcher', () => {
  it('sends what arrives in one turn as one call and gives each its own result', async () => {
    const { batcher, answerNext } = harness();
    const results = Promise.all([batcher.submit(1), batcher.submit(2), batcher.submit(3)]);
    expect(await answerNext()).toEqual([1, 2, 3]);
    expect(await results).toEqual(['r1', 'r2', 'r3']);
  });

  it('puts no more items into a call than its count allows, in order', async () => {
    const { batcher, answerNext } = harness();
    const results = Promise.all([1, 2, 3, 4].map((item) => batcher.submit(item)));
    expect(await answerNext()).toEqual([1, 2, 3]);
    expect(await answerNext()).toEqual([4]);
    expect(await results).toEqual(['r1', 'r2', 'r3', 'r4']);
  });

  it('puts no more bytes into a call than allowed, and a larger item alone', async () => {
    const { batcher, answerNext } = harness();
    const results = Promise.all([60, 50, 500, 1].map((item) => batcher.submit(item)));
    expect(await answerNext()).toEqual([60]);
    expect(await answerNext()).toEqual([50]);
    expect(await answerNext()).toEqual([500]);
    expect(await answerNext()).toEqual([1]);
    expect(await results).toEqual(['r60', 'r50', 'r500', 'r1']);
  });

  it('keeps items that belong together in a call of their own', async () => {
    const { batcher, answerNext } = harness();
    const results = Promise.all([
      batcher.submit(1),
      batcher.submitTogether([7, 8, 9, 10]),
      batcher.submit(2),
    ]);
    expect(await answerNext()).toEqual([1]);
    expect(await answerNext()).toEqual([7, 8, 9, 10]);
    expect(await answerNext()).toEqual([2]);
    expect(await results).toEqual(['r1', ['r7', 'r8', 'r9', 'r10'], 'r2']);
  });

  it('has no more calls out than allowed', async () => {
    const { batcher, calls, answerNext } = harness({ inFlightMax: 2, countMax: 1 });
    const results = Promise.all([1, 2, 3].map((item) => batcher.submit(item)));
    await turn();
    expect(calls.map(({ items }) => items)).toEqual([[1], [2]]);
    for (let call = 0; call < 3; call++) await answerNext();
    expect(await results).toEqual(['r1', 'r2', 'r3']);
  });

  it('turns items away when too many wait', async () => {
    const { batcher, answerNext } = harness({ waitingMax: 2 });
    const accepted = Promise.all([batcher.submit(1), batcher.submit(2)]);
    await expect(batcher.submit(3)).rejects.toThrow('overloaded');
    await answerNext();
    expect(await accepted).toEqual(['r1', 'r2']);
    expect(batcher.waitingItems).toBe(0);
  });

  it('turns items away that have waited too long', async () => {
    const { batcher, clock, calls, answerNext } = harness();
    const first = batcher.submit(1);
    await turn();
    const second = batcher.submit(2);
    const turnedAway = expect(second).rejects.toThrow('overloaded');
    clock.nowMs = 1_001;
    expect(await answerNext()).toEqual([1]);
    expect(await first).toBe('r1');
    await turnedAway;
    expect(calls).toEqual([]);
  });

  it('fails every item of a call that fails, and goes on with the next', async () => {
    const { batcher, calls, answerNext } = harness();
    const failed = Promise.allSettled([batcher.submit(1), batcher.submit(2)]);
    await turn();
    const next = batcher.submit(3);
    calls.shift()?.fail(new Error('away'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await answerNext()).toEqual([3]);
    expect(await next).toBe('r3');
  });

  it('fails the items of a call that answers with another number of results', async () => {
    const { batcher, calls } = harness();
    const failed = expect(batcher.submit(1)).rejects.toThrow('another number of results');
    await turn();
    calls.shift()?.answer([]);
    await failed;
  });
});
