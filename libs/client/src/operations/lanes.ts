import type { OperationKind, Operations } from './operation.js';

/**
 * What an operation touches. Operations that share a lane must keep their order, because one may be granted only
 * after the other: a deposit before a withdrawal, a bet before its settlement.
 */
export function lanesOf<Kind extends OperationKind>(kind: Kind, input: Operations[Kind]): readonly string[] {
  return LANES[kind](input);
}

const account = (accountId: string): string => `account/${accountId}`;
const table = (tableId: string): string => `table/${tableId}`;
const reservation = (reservationId: string): string => `reservation/${reservationId}`;
const ofAccount = ({ accountId }: { readonly accountId: string }): string[] => [account(accountId)];
const ofTable = ({ tableId }: { readonly tableId: string }): string[] => [table(tableId)];
const ofReservation = ({ reservationId }: { readonly reservationId: string }): string[] => [
  reservation(reservationId),
];

const LANES: { readonly [Kind in OperationKind]: (input: Operations[Kind]) => readonly string[] } = {
  openAccount: ofAccount,
  deposit: ofAccount,
  withdraw: ofAccount,
  transfer: ({ from, to }) => [account(from), account(to)],
  reverse: ({ transactionId }) => [`transaction/${transactionId}`],
  reserve: ({ accountId, to, tableId }) => [
    account(accountId),
    ...(to === undefined ? [] : [account(to)]),
    ...(tableId === undefined ? [] : [table(tableId)]),
  ],
  commit: ofReservation,
  release: ofReservation,
  extend: ofReservation,
  buyIn: ({ accountId, tableId }) => [account(accountId), table(tableId)],
  cashOut: ({ accountId, tableId }) => [account(accountId), table(tableId)],
  contribute: ofTable,
  returnContribution: ofTable,
  settlePot: ({ tableId, winners = [], showdown = [] }) => [
    table(tableId),
    ...[...winners, ...showdown].map(({ accountId }) => account(accountId)),
  ],
  cancelPot: ofTable,
  setPolicy: ofTable,
};

/** Every kind of operation. */
export function isOperationKind(kind: unknown): kind is OperationKind {
  return typeof kind === 'string' && Object.hasOwn(LANES, kind);
}
