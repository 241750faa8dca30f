import { canonicalJson, type JsonObject } from '../ledger-chain/index.js';
import type { Command } from './commands.js';
import type { ReservationCommand } from './reservation-commands.js';
import type { TableCommand } from './table-commands.js';

/** Parts of a request that the message of an idempotency conflict can name. */
export const FIELD_NAMES = [
  'operation',
  'account',
  'amount',
  'currency',
  'type',
  'rate',
  'details',
  'options',
] as const;

type Fields = Partial<Record<Exclude<(typeof FIELD_NAMES)[number], 'operation' | 'details'>, string>>;

/**
 * The canonical request: one text for each of FIELD_NAMES. Two commands are the same request exactly when these are.
 *
 * @param details the canonical JSON of the command's metadata.
 */
export function fieldsOf(command: Command, details: string): readonly string[] {
  const fields: Fields & { operation: string; details: string } = {
    ...ownFieldsOf(command),
    operation: command.kind,
    details,
  };
  return FIELD_NAMES.map((name) => fields[name] ?? '');
}

function ownFieldsOf(command: Command): Fields {
  switch (command.kind) {
    case 'post-to-account': {
      const { accountId: account, currency = '', type, counterpart, opensAccount } = command;
      return {
        account,
        amount: `${command.amount}`,
        currency,
        type,
        options: `${counterpart},${opensAccount}`,
      };
    }
    case 'transfer': {
      const { fromAccountId, toAccountId, amount, type, rate = '' } = command;
      return { account: `${fromAccountId},${toAccountId}`, amount: `${amount}`, type, rate };
    }
    case 'reverse':
      return { account: command.original.transactionId, amount: `${command.amount ?? ''}` };
    case 'open-account': {
      const { accountId: account, initialBalance, currency = '', tier, holderId, agentId } = command;
      const options = canonicalJson({ tier, holderId, agentId, limits: limitsText(command.limits) });
      return { account, amount: `${initialBalance}`, currency, options };
    }
    case 'update-account': {
      const { accountId: account, tier, holderId, agentId, metadata } = command;
      const limits = limitsText(command.limits);
      return { account, options: canonicalJson({ tier, holderId, agentId, metadata, limits }) };
    }
    case 'set-account-status':
      return { account: command.accountId, options: command.status };
    case 'reserve':
    case 'commit-reservation':
    case 'release-reservation':
    case 'extend-reservation':
    case 'expire-reservations':
      return reservationFieldsOf(command);
    default:
      return tableFieldsOf(command);
  }
}

function reservationFieldsOf(command: ReservationCommand): Fields {
  switch (command.kind) {
    case 'reserve': {
      const { accountId: account, amount, target, timeoutMs, reference } = command;
      const options = canonicalJson({ target: { ...target }, timeoutMs, reference });
      return { account, amount: `${amount}`, options };
    }
    case 'commit-reservation':
      return { account: command.reservation.reservationId, amount: `${command.amount ?? ''}` };
    case 'release-reservation':
      return { account: command.reservation.reservationId };
    case 'extend-reservation':
      return { account: command.reservation.reservationId, options: `${command.timeoutMs}` };
    case 'expire-reservations':
      return { account: command.accountId };
  }
}

// The table, the hand and the seat are under `details`: they go into the metadata of the entries.
function tableFieldsOf(command: TableCommand): Fields {
  switch (command.kind) {
    case 'cash-out':
      return { account: command.accountId, amount: `${command.amount}` };
    case 'contribute': {
      const { accountId: account, amount, type, currency = '' } = command;
      return { account, amount: `${amount}`, type, currency };
    }
    case 'return-contribution':
      return { amount: `${command.amount}` };
    case 'settle-pot': {
      const options = canonicalJson({ kind: command.payout.kind, payout: payoutJson(command) });
      return { amount: `${command.rake ?? ''}`, options };
    }
    case 'cancel-pot':
      return {};
    case 'set-table-policy':
      return { currency: command.currency ?? '', options: command.policy };
  }
}

function payoutJson({ payout }: Extract<TableCommand, { kind: 'settle-pot' }>): readonly JsonObject[] {
  if (payout.kind === 'showdown') return payout.hands.map((hand) => ({ ...hand }));
  return payout.winners.map((winner) => ({ ...winner, amount: winner.amount.toString() }));
}

function limitsText(limits: object): string {
  return Object.entries(limits)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join(',');
}
