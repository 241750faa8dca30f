import type { LedgerBuilder } from './ledger-builder.js';

export const DAY_1 = Date.UTC(2026, 2, 1);
export const DAY_2 = Date.UTC(2026, 2, 2);
export const DAY_3 = Date.UTC(2026, 2, 3);

/** Ids of transactions that the suites of the service ask for. */
export interface SeededBooks {
  readonly bonus: string;
  readonly transfer: string;
}

/** Three entries of alice, one of bob, none of carol, and two of each of six players, who play for chips. */
export async function seedBooks(builder: LedgerBuilder): Promise<SeededBooks> {
  builder.deposit('alice', 1_000n, {
    atMs: DAY_1,
    metadata: { reason: 'salary', note: 'mzda "únor"' },
    idempotencyKey: 'k-1',
  });
  const bonus = builder.deposit('alice', 50n, { type: 'BONUS', atMs: DAY_2 });
  const transfer = builder.transfer(
    { from: 'alice', to: 'bob', amount: 300n },
    { atMs: DAY_3, metadata: { reason: 'rent' } },
  );
  builder.open('carol');
  for (const player of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']) {
    builder.deposit(player, 10n, { currency: 'CHIPS' });
    builder.deposit(player, -3n, { currency: 'CHIPS' });
  }
  await builder.flush();
  return { bonus, transfer };
}
