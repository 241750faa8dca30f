import type { Answer, CommitReservation, Contribute, Reserve, SettlePot } from '@steelyard/domain/posting';
import { accountId } from '../load/move.js';
import type { KeyedCommand } from './in-process-engine.js';

/** Seats of every hand of the load. */
export const SEATS = 6;
const BET = 10n;

/** Held for a buy-in; its commit moves it to the table of the same number. */
export function reserveCommand(n: number, places: number): KeyedCommand & { readonly command: Reserve } {
  const target = { kind: 'table', tableId: tableId(n % places) } as const;
  const command = {
    kind: 'reserve',
    accountId: accountId(n % places),
    amount: 1n,
    target,
    reference: null,
    details: {},
  } as const;
  return { key: `reserve-${n}`, command };
}

/** Commits whatever was held; what was refused is left out. */
export function commitCommands(
  held: readonly Answer[],
): readonly (KeyedCommand & { readonly command: CommitReservation })[] {
  return held.flatMap(({ outcome }) => {
    if (outcome.kind !== 'reservation') return [];
    const { reservation } = outcome;
    const command = { kind: 'commit-reservation', reservation, details: {} } as const;
    return [{ key: `commit-${reservation.reservationId}`, command }];
  });
}

/** The n-th contribution of a load: to each table in turn, seat by seat, a new hand after every round. */
export function contributeCommand(
  n: number,
  tables: number,
): KeyedCommand & { readonly command: Contribute } {
  const seatId = Math.floor(n / tables) % SEATS;
  const hand = Math.floor(n / (tables * SEATS));
  return { key: `bet-${n}`, command: contribution({ table: n % tables, handId: `open-${hand}`, seatId }) };
}

/** A whole hand: a contribution of each seat, then a settlement with two winners and rake. */
export function handCommands(n: number, tables: number): readonly KeyedCommand[] {
  const table = n % tables;
  const handId = `hand-${n}`;
  const bets = Array.from({ length: SEATS }, (_, seatId) => ({
    key: `hand-${n}-${seatId}`,
    command: contribution({ table, handId, seatId }),
  }));
  const winners = [0, 1].map((seatId) => ({
    seatId,
    accountId: accountId((n + seatId) % tables),
    amount: 1n,
  }));
  const settle: SettlePot = {
    kind: 'settle-pot',
    tableId: tableId(table),
    handId,
    payout: { kind: 'winners', winners },
    rake: 1n,
    details: {},
  };
  return [...bets, { key: `settle-${n}`, command: settle }];
}

/** The table with this number. */
export function tableId(index: number): string {
  return `table-${index}`;
}

function contribution({
  table,
  handId,
  seatId,
}: {
  table: number;
  handId: string;
  seatId: number;
}): Contribute {
  return {
    kind: 'contribute',
    tableId: tableId(table),
    handId,
    seatId,
    accountId: `player-${seatId}`,
    amount: BET,
    type: 'BET',
    details: {},
  };
}
