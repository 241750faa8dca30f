import { describe, expect, it } from '@jest/globals';
import { TurnBatcher } from './turn-batcher.js';

describe('TurnBatcher', () => {
  const doubled = async (requests: readonly number[]): Promise<readonly number[]> =>
    requests.map((n) => n * 2);

  it('gives each request its own reply', async () => {
    const batcher = new TurnBatcher(doubled, 10, 100);
    expect(await Promise.all([1, 2, 3].map((n) => batcher.add(n, undefined)))).toEqual([2, 4, 6]);
  });

  it('turns requests away when too many are under way, and takes them again afterwards', async () => {
    const batcher = new TurnBatcher(doubled, 10, 2);
    const taken = [batcher.add(1, undefined), batcher.add(2, undefined)];
    await expect(batcher.add(3, undefined)).rejects.toMatchObject({
      reason: 'overloaded',
      maybeApplied: false,
    });
    expect(await Promise.all(taken)).toEqual([2, 4]);
    expect(await batcher.add(3, undefined)).toBe(6);
  });

  it('sends requests with different deadlines apart', async () => {
    const deadlines: (number | undefined)[] = [];
    const batcher = new TurnBatcher(
      (requests: readonly number[], deadlineMs) => {
        deadlines.push(deadlineMs);
        return doubled(requests);
      },
      10,
      100,
    );
    await Promise.all([batcher.add(1, 50), batcher.add(2, undefined), batcher.add(3, 50)]);
    expect(deadlines).toEqual([50, undefined]);
  });

  it('fails all that went together, and nothing else', async () => {
    const failing = (requests: readonly number[]): Promise<readonly number[]> =>
      requests.includes(1) ? Promise.reject(new Error('away')) : doubled(requests);
    const batcher = new TurnBatcher(failing, 2, 100);
    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => batcher.add(n, undefined)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});
