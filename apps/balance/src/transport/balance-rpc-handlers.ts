import type { balanceV1 } from '@steelyard/contracts/grpc';
import { RpcError, type RpcHandlers } from '@steelyard/platform/rpc';
import type { ExecuteCommandsHandler } from '../application/execute-commands/execute-commands.handler.js';
import type { ReadAccountsHandler } from '../application/read-accounts/read-accounts.handler.js';
import type { ReadReservationsHandler } from '../application/read-reservations/read-reservations.handler.js';
import type { ReadTablesHandler } from '../application/read-tables/read-tables.handler.js';
import { decodeCommand } from './decode-command.js';
import { isPlainText } from './decode-parts.js';
import { decodeGetTable, decodeListReservations } from './decode-reads.js';
import { decodePotKey } from './decode-table-command.js';
import { encodeAccountsView } from './encode-accounts-view.js';
import { encodeOutcome } from './encode-outcome.js';
import { encodeReservation } from './encode-reservation.js';
import { encodePot, encodeTable } from './encode-table.js';
import { granted, RefusedRpcError } from './refused-rpc-error.js';
import { encodeReservationCursor } from './reservation-cursor.js';

export type BalanceRpcHandlers = RpcHandlers<typeof balanceV1.BalanceServiceService>;
export const BALANCE_RPC_HANDLERS = Symbol('BalanceRpcHandlers');

/** The largest request: an atomic batch is written in one transaction. */
export const COMMANDS_PER_REQUEST_MAX = 5_000;
const ACCOUNTS_PER_REQUEST_MAX = 1_000;

export interface BalanceUseCases {
  readonly executeCommands: ExecuteCommandsHandler;
  readonly readAccounts: ReadAccountsHandler;
  readonly readReservations: ReadReservationsHandler;
  readonly readTables: ReadTablesHandler;
  readonly now: () => number;
}

/** What every transport serves: decode, call, encode. */
export function balanceRpcHandlers(useCases: BalanceUseCases): BalanceRpcHandlers {
  const { executeCommands, readAccounts, now } = useCases;
  return {
    execute: async ({ commands }) => {
      refuseMoreThan(COMMANDS_PER_REQUEST_MAX, commands.length, 'commands');
      const answers = await executeCommands.execute(commands.map(decodeCommand));
      return { outcomes: answers.map(encodeOutcome) };
    },
    getAccounts: async ({ accountIds }) => {
      refuseMoreThan(ACCOUNTS_PER_REQUEST_MAX, accountIds.length, 'account ids');
      return encodeAccountsView(await readAccounts.viewByIds(accountIds.filter(isPlainText)), now());
    },
    getHolderAccounts: async ({ holderId }) => {
      if (!isPlainText(holderId))
        throw new RefusedRpcError('INVALID_REQUEST', 'holderId has control characters');
      return encodeAccountsView(await readAccounts.viewByHolder(holderId), now());
    },
    ...reservationReads(useCases),
    ...tableReads(useCases),
  };
}

function reservationReads({
  readReservations,
}: BalanceUseCases): Pick<BalanceRpcHandlers, 'getReservation' | 'listReservations'> {
  return {
    getReservation: async ({ reservationId }) => {
      const reservation = await readReservations.byId(reservationId);
      if (reservation) return { reservation: encodeReservation(reservation) };
      throw new RefusedRpcError('RESERVATION_NOT_FOUND', `reservation ${reservationId} does not exist`);
    },
    listReservations: async (request) => {
      const query = decodeListReservations(request);
      const { accountId } = query;
      const page = await readReservations.list(query);
      if (!page) throw new RefusedRpcError('ACCOUNT_NOT_FOUND', `account ${accountId} does not exist`);
      const { reservations, next } = page;
      return {
        reservations: reservations.map(encodeReservation),
        nextCursor: next === undefined ? '' : encodeReservationCursor(accountId, next),
      };
    },
  };
}

function tableReads({ readTables }: BalanceUseCases): Pick<BalanceRpcHandlers, 'getPot' | 'getTable'> {
  return {
    getPot: async (request) => {
      const key = granted(decodePotKey(request));
      const pot = await readTables.pot(key);
      if (pot) return { pot: encodePot(pot) };
      const message = `hand ${key.handId} at table ${key.tableId} has no pot`;
      throw new RefusedRpcError('POT_NOT_FOUND', message);
    },
    getTable: async (request) => {
      const { tableId, currency } = decodeGetTable(request);
      const account = await readTables.table(tableId, currency);
      if (account) return { table: encodeTable(tableId, account) };
      throw new RefusedRpcError('TABLE_NOT_FOUND', `nobody has bought in at table ${tableId} yet`);
    },
  };
}

function refuseMoreThan(max: number, count: number, what: string): void {
  if (count <= max) return;
  throw new RpcError('INVALID_ARGUMENT', `at most ${max} ${what} a request; these are ${count}`);
}
