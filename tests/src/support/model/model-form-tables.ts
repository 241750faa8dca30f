import {
  refuseCurrency,
  refuseDetails,
  refuseId,
  refuseName,
  refuseNegative,
  refuseNotPositive,
  type Check,
} from './model-form-parts.js';
import { refused, type Body, type BodyOf } from './model.types.js';

type EarlierCase =
  | 'openAccount'
  | 'updateAccount'
  | 'setAccountStatus'
  | 'deposit'
  | 'withdraw'
  | 'change'
  | 'transfer'
  | 'reverse';
type TableBody = Exclude<Body, { $case: EarlierCase }>;

/** What is wrong with the form of a command on reservations, tables and pots. */
export function refuseTableBody(body: TableBody): Check {
  return refuseFirstMembers(body) ?? refuseDetails(body.value.details);
}

function refuseFirstMembers(body: TableBody): Check {
  switch (body.$case) {
    case 'reserve':
      return refuseReserve(body.value);
    case 'commitReservation': {
      const { amount } = body.value;
      return amount === undefined ? undefined : refuseNotPositive(amount);
    }
    case 'releaseReservation':
    case 'extendReservation':
      return undefined;
    case 'cashOut': {
      const { accountId, tableId, amount, seatId, handId } = body.value;
      return (
        refuseId(accountId, 'accountId') ??
        refuseName(tableId, 'tableId') ??
        refuseNotPositive(amount) ??
        refuseSeat(seatId ?? 0, 'seatId') ??
        (handId === '' ? undefined : refuseName(handId, 'handId'))
      );
    }
    case 'contribute':
      return refuseContribute(body.value);
    case 'returnContribution':
      return (
        refusePot(body.value) ??
        refuseSeat(body.value.seatId, 'seatId') ??
        refuseNotPositive(body.value.amount)
      );
    case 'settlePot':
      return refuseSettle(body.value);
    case 'cancelPot':
      return refusePot(body.value);
    case 'setTablePolicy': {
      const { tableId, escrowPolicy } = body.value;
      const isKnown = ['strict', 'observe'].includes(escrowPolicy);
      return (
        refuseName(tableId, 'tableId') ??
        (isKnown ? undefined : refused('INVALID_REQUEST', 'escrowPolicy')) ??
        refuseCurrency(body.value)
      );
    }
  }
}

function refuseReserve({ accountId, amount, target }: BodyOf<'reserve'>): Check {
  const fault = refuseId(accountId, 'accountId') ?? refuseNotPositive(amount);
  if (fault || !target) return fault;
  if (target.$case === 'tableId') return refuseName(target.value, 'tableId');
  const same = target.value === accountId ? refused('SAME_ACCOUNT', 'to') : undefined;
  return refuseId(target.value, 'to') ?? same;
}

function refuseContribute(wanted: BodyOf<'contribute'>): Check {
  const { seatId, accountId, amount, contributionType } = wanted;
  const isKnown = ['BLIND', 'ANTE', 'BET', 'CALL', 'RAISE'].includes(contributionType);
  return (
    refusePot(wanted) ??
    refuseSeat(seatId, 'seatId') ??
    refuseId(accountId, 'accountId') ??
    refuseNotPositive(amount) ??
    (isKnown ? undefined : refused('INVALID_REQUEST', 'contributionType')) ??
    refuseCurrency(wanted)
  );
}

function refuseSettle(wanted: BodyOf<'settlePot'>): Check {
  const { payout, rake = 0n } = wanted;
  return refusePot(wanted) ?? refusePayout(payout) ?? refuseNegative(rake, 'rake');
}

function refusePayout(payout: BodyOf<'settlePot'>['payout']): Check {
  switch (payout?.$case) {
    case 'winners':
      return firstFault(
        payout.value.winners,
        ({ seatId, accountId, amount }) =>
          refuseSeat(seatId, 'winners.seatId') ??
          refuseId(accountId, 'winners.accountId') ??
          refuseNegative(amount, 'winners.amount'),
      );
    case 'showdown':
      return firstFault(
        payout.value.hands,
        ({ seatId, accountId, rank }) =>
          refuseSeat(seatId, 'hands.seatId') ??
          refuseId(accountId, 'hands.accountId') ??
          (rank === 0 ? refused('INVALID_REQUEST', 'hands.rank') : undefined),
      );
    case undefined:
      return refused('INVALID_REQUEST', 'winners');
  }
}

function firstFault<Item>(items: readonly Item[], faultOf: (item: Item) => Check): Check {
  return items.map(faultOf).find((fault) => fault !== undefined);
}

function refusePot({ tableId, handId }: { readonly tableId: string; readonly handId: string }): Check {
  return refuseName(tableId, 'tableId') ?? refuseName(handId, 'handId');
}

function refuseSeat(seatId: number, field: string): Check {
  return seatId < 0 ? refused('INVALID_REQUEST', field) : undefined;
}
