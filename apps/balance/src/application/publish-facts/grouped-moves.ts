import type { FactPositions, PositionMove } from './fact-positions.port.js';

interface Waiting {
  readonly move: PositionMove;
  readonly resolve: (hasMoved: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Moves positions in groups: those that come while one group is being written make up the next. */
export class GroupedMoves {
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(private readonly positions: Pick<FactPositions, 'move'>) {}

  /** True when the position moved; false when it was no longer where the facts were read, or no longer ours. */
  move(move: PositionMove): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ move, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const results = await this.positions.move(group.map(({ move }) => move));
        group.forEach(({ resolve }, i) => resolve(results[i] ?? false));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#isWriting = false;
  }
}
