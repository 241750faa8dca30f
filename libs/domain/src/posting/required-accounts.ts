import {
  bucketOf,
  fxAccountId,
  houseAccountId,
  potAccountId,
  tableAccountId,
  worldAccountId,
} from '../accounts/index.js';
import type { AccountRef } from './books.js';
import { winnersOf } from './command-places.js';
import type { PostToAccount } from './commands.js';
import type { CoreSettings } from './core-settings.js';
import type { Currencies } from './currencies.js';
import type { PreparedCommand } from './prepared-command.js';
import type { CommitReservation, Reserve } from './reservation-commands.js';
import type { CashOut, TableCommand } from './table-commands.js';

/** The accounts that a command is decided on, as far as the books tell; an account may be named twice. */
export function requiredAccounts(
  { command, homeBucket, buckets }: PreparedCommand,
  settings: CoreSettings,
  currencies: Currencies,
): AccountRef[] {
  switch (command.kind) {
    case 'post-to-account':
      return forPosting(command, homeBucket, currencies);
    case 'open-account':
      return [
        { bucket: homeBucket, accountId: command.accountId },
        { bucket: homeBucket, accountId: worldAccountId(command.currency ?? settings.defaultCurrency) },
      ];
    case 'transfer': {
      const from = { bucket: homeBucket, accountId: command.fromAccountId };
      const to = { bucket: buckets.at(-1) ?? homeBucket, accountId: command.toAccountId };
      return forTransfer(from, to, currencies);
    }
    case 'reverse':
      return command.original.legs.map(({ bucket, accountId }) => ({ bucket, accountId }));
    case 'reserve':
      return forReserve(command, homeBucket, settings);
    case 'commit-reservation':
      return forCommit(command, homeBucket, settings);
    case 'release-reservation':
    case 'extend-reservation':
      return [{ bucket: homeBucket, accountId: command.reservation.accountId }];
    case 'cash-out':
      return forCashOut(command, homeBucket, { settings, currencies });
    case 'expire-reservations':
    case 'update-account':
    case 'set-account-status':
      return [{ bucket: homeBucket, accountId: command.accountId }];
    default:
      return forTable(command, homeBucket, { settings, currencies });
  }
}

interface Known {
  readonly settings: CoreSettings;
  readonly currencies: Currencies;
}

function forPosting(command: PostToAccount, bucket: number, currencies: Currencies): AccountRef[] {
  const ref = { bucket, accountId: command.accountId };
  const counterparts = currencies.of(ref).map((currency) => counterpartIdOf(command, currency));
  return [ref, ...counterparts.map((accountId) => ({ bucket, accountId }))];
}

function forTransfer(from: AccountRef, to: AccountRef, currencies: Currencies): AccountRef[] {
  const [paid, received] = [currencies.of(from), currencies.of(to)];
  const isConversion = paid.some((currency) => received.some((other) => other !== currency));
  if (!isConversion) return [from, to];
  return [
    from,
    to,
    ...paid.map((currency) => ({ bucket: from.bucket, accountId: fxAccountId(currency) })),
    ...received.map((currency) => ({ bucket: to.bucket, accountId: fxAccountId(currency) })),
  ];
}

function forReserve({ accountId, target }: Reserve, bucket: number, settings: CoreSettings): AccountRef[] {
  const own = { bucket, accountId };
  return target.kind === 'account' ? [own, accountRef(target.accountId, settings)] : [own];
}

function forCommit({ reservation }: CommitReservation, bucket: number, settings: CoreSettings): AccountRef[] {
  const counterpart = commitTargetOf(reservation, settings);
  return [{ bucket, accountId: reservation.accountId }, counterpart];
}

/** The account that the commit of a reservation moves its funds to. */
export function commitTargetOf(
  { target, currency, bucket }: CommitReservation['reservation'],
  settings: CoreSettings,
): AccountRef {
  switch (target.kind) {
    case 'world':
      return { bucket, accountId: worldAccountId(currency) };
    case 'account':
      return accountRef(target.accountId, settings);
    case 'table':
      return accountRef(tableAccountId(target.tableId, currency), settings);
  }
}

function forCashOut(command: CashOut, bucket: number, { settings, currencies }: Known): AccountRef[] {
  const account = accountRef(command.accountId, settings);
  const tables = currencies.of(account).map((currency) => tableAccountId(command.tableId, currency));
  return [account, ...tables.map((accountId) => ({ bucket, accountId }))];
}

function forTable(
  command: Exclude<TableCommand, CashOut>,
  bucket: number,
  { settings, currencies }: Known,
): AccountRef[] {
  const here = (accountIds: readonly string[]) => accountIds.map((accountId) => ({ bucket, accountId }));
  switch (command.kind) {
    case 'set-table-policy':
      return here([tableAccountId(command.tableId, command.currency ?? settings.defaultCurrency)]);
    case 'contribute': {
      // Without a currency it is that of the pot, and the default only when there is none yet.
      const possible =
        command.currency === undefined
          ? [settings.defaultCurrency, ...currencies.ofPot({ ...command, bucket })]
          : [command.currency];
      return here(possible.flatMap((currency) => tableAndPot(command, currency)));
    }
    case 'return-contribution':
    case 'cancel-pot':
      return here(
        currencies.ofPot({ ...command, bucket }).flatMap((currency) => tableAndPot(command, currency)),
      );
    case 'settle-pot': {
      const known = currencies.ofPot({ ...command, bucket });
      const own = known.flatMap((currency) => [potAccountId(command, currency), houseAccountId(currency)]);
      return [...here(own), ...winnersOf(command).map(({ accountId }) => accountRef(accountId, settings))];
    }
  }
}

function tableAndPot(command: { tableId: string; handId: string }, currency: string): string[] {
  return [tableAccountId(command.tableId, currency), potAccountId(command, currency)];
}

/** An account by its id alone: not one of those that exist once per bucket. */
export function accountRef(accountId: string, { buckets }: CoreSettings): AccountRef {
  return { bucket: bucketOf(accountId, buckets), accountId };
}

/** The system account on the other side of a posting. */
export function counterpartIdOf(command: PostToAccount, currency: string): string {
  return command.counterpart === 'world' ? worldAccountId(currency) : houseAccountId(currency);
}
