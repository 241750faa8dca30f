import { describe, expect, it } from '@jest/globals';
import { ReplayBooks } from './replay-books.js';

describe('the books of a replay', () => {
  it('follow every chip of an honest hand', () => {
    const books = new ReplayBooks();
    const table = books.table('t');
    for (const player of ['ann', 'bob']) {
      books.deposited(player, 100n);
      books.boughtIn(player, table, 100n);
    }
    books.contributed(table, 20n);
    books.contributed(table, 30n);
    books.returned(table, 10n);
    expect(books.inPots).toBe(40n);
    books.won('ann', 38n);
    books.raked(2n);
    books.cashedOut('ann', table, 80n);
    books.cashedOut('bob', table, 80n);
    expect(books.balances).toEqual(
      new Map([
        ['ann', 118n],
        ['bob', 80n],
      ]),
    );
    expect([books.inPots, table.escrow, table.inflation]).toEqual([0n, 0n, 0n]);
  });

  it('remember how deep a table has been, also when later buy-ins fill the hole', () => {
    const table = new ReplayBooks().table('t');
    table.add(50n);
    table.take(80n);
    table.add(100n);
    table.take(90n);
    expect([table.escrow, table.inflation]).toEqual([-20n, 30n]);
    table.take(15n);
    expect([table.escrow, table.inflation]).toEqual([-35n, 35n]);
  });
});
