import {
  act,
  confirmBuyIn,
  newTable,
  startHand,
  takeSeat,
  type Action,
  type Movement,
  type Ruled,
  type Step,
  type Table,
  type TableRules,
} from '../../src/game/index.js';

export const RULES: TableRules = {
  tableId: 'felt',
  seatCount: 9,
  smallBlind: 5n,
  bigBlind: 10n,
  buyInMin: 1n,
  buyInMax: 10_000n,
};

export const HAND = 'hand-1';

/** What an allowed move comes to; a broken rule is the test's failure. */
export function granted<Value>(ruled: Ruled<Value>): Value {
  if (!ruled.ok) throw new Error(`${ruled.code}: ${ruled.message}`);
  return ruled.value;
}

/** A table with players u1, u2, ... at seats 1, 2, ... who have these stacks. */
export function tableWith(...stacks: readonly bigint[]): Table {
  return stacks.reduce((table, amount, index) => {
    const seatId = index + 1;
    const buyIn = { kind: 'buy-in', buyInId: `b${seatId}`, reservationId: `r${seatId}`, amount } as const;
    const taken = granted(takeSeat(table, { seatId, userId: `u${seatId}`, autoTopUp: false }, buyIn));
    return confirmBuyIn(taken, seatId, buyIn.buyInId);
  }, newTable(RULES));
}

export function stacksOf(table: Table): readonly bigint[] {
  return table.seats.map(({ stack }) => stack);
}

/** Starts a hand and plays these moves, each by seat, action and amount; collects what has to be moved. */
export function play(
  start: Table,
  ...moves: readonly (readonly [number, Action['action'], bigint?])[]
): Step {
  const first = granted(startHand(start, HAND));
  return moves.reduce<Step>(({ table, movements }, move) => {
    const step = granted(act(table, HAND, moveOf(move)));
    return { table: step.table, movements: [...movements, ...step.movements] };
  }, first);
}

/** Short form of movements, to compare with. */
export function summary(movements: readonly Movement[]): readonly string[] {
  return movements.map((movement) => {
    switch (movement.kind) {
      case 'contribute':
        return `${movement.seatId} ${movement.type} ${movement.amount}`;
      case 'return':
        return `${movement.seatId} return ${movement.amount}`;
      case 'settle':
        return movement.payout.by === 'amounts'
          ? `settle ${movement.payout.winners.map(({ seatId, amount }) => `${seatId}:${amount}`).join(' ')}`
          : `rank ${movement.payout.hands.map(({ seatId, rank }) => `${seatId}:${rank}`).join(' ')}`;
      case 'cancel':
        return 'cancel';
    }
  });
}

export function moveOf([seatId, action, amount = 0n]: readonly [
  number,
  Action['action'],
  bigint?,
]): Action & {
  readonly seatId: number;
} {
  return action === 'bet' || action === 'raise' ? { seatId, action, amount } : { seatId, action };
}
