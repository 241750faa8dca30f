import { describe, expect, it } from '@jest/globals';
import type { PositionMove } from './fact-positions.port.js';
import { GroupedMoves } from './grouped-moves.js';

const moveOf = (bucket: number): PositionMove => ({
  consumer: 'ledger',
  bucket,
  from: 0n,
  to: 1n,
  keepsLease: true,
});

interface Write {
  readonly buckets: readonly number[];
  readonly resolve: (results: readonly boolean[]) => void;
  readonly reject: (error: Error) => void;
}

/** Moves whose writes end when the test says so. */
function setUp() {
  const writes: Write[] = [];
  const moves = new GroupedMoves({
    move: (group) =>
      new Promise((resolve, reject) =>
        writes.push({ buckets: group.map(({ bucket }) => bucket), resolve, reject }),
      ),
  });
  return { moves, writes };
}

describe('GroupedMoves', () => {
  it('writes the first at once, and those that come meanwhile together', async () => {
    const { moves, writes } = setUp();
    const first = moves.move(moveOf(1));
    const others = [moves.move(moveOf(2)), moves.move(moveOf(3))];
    expect(writes.map(({ buckets }) => buckets)).toEqual([[1]]);
    writes[0]?.resolve([true]);
    expect(await first).toBe(true);
    expect(writes.map(({ buckets }) => buckets)).toEqual([[1], [2, 3]]);
    writes[1]?.resolve([false, true]);
    expect(await Promise.all(others)).toEqual([false, true]);
  });

  it('fails those of a write that failed, and writes the next', async () => {
    const { moves, writes } = setUp();
    const first = moves.move(moveOf(1));
    const second = moves.move(moveOf(2));
    writes[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    writes[1]?.resolve([true]);
    expect(await second).toBe(true);
    const third = moves.move(moveOf(3));
    writes[2]?.resolve([true]);
    expect(await third).toBe(true);
  });
});
