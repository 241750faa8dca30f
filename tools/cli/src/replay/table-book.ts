/** The chips that one table, its pots and its players must have by the answers so far. Minor units. */
export class TableBook {
  #escrow = 0n;
  #deepest = 0n;

  constructor(readonly tableId: string) {}

  /** Chips in play. */
  get escrow(): bigint {
    return this.#escrow;
  }

  /** How far below zero the table has ever been. */
  get inflation(): bigint {
    return this.#deepest < 0n ? -this.#deepest : 0n;
  }

  add(amount: bigint): void {
    this.#escrow += amount;
  }

  take(amount: bigint): void {
    this.#escrow -= amount;
    if (this.#escrow < this.#deepest) this.#deepest = this.#escrow;
  }
}
