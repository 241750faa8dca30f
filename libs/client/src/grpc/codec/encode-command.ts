import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Keyed, WireKind } from '../../dispatch/index.js';
import type { LimitsInput, Operations } from '../../operations/index.js';

type Body = NonNullable<balanceV1.Command['body']>;

/** The details that an operation may carry. */
type DetailsInput = Partial<Operations['deposit']>;

/** A command for the wire. */
export function encodeCommand<Kind extends WireKind>({
  kind,
  input,
  idempotencyKey,
}: Keyed<Kind>): balanceV1.Command {
  return { idempotencyKey, atomicGroup: 0, dryRun: false, body: BODIES[kind](input) };
}

const BODIES: { readonly [Kind in WireKind]: (input: Operations[Kind]) => Body } = {
  openAccount: (input) => ({ $case: 'openAccount', value: openAccount(input) }),
  deposit: (input) => ({ $case: 'deposit', value: { ...posting(input), details: details(input) } }),
  withdraw: (input) => ({ $case: 'withdraw', value: { ...posting(input), details: details(input) } }),
  transfer: (input) => ({
    $case: 'transfer',
    value: {
      fromAccountId: input.from,
      toAccountId: input.to,
      amount: input.amount,
      type: input.type ?? '',
      rate: input.rate ?? '',
      details: details(input),
    },
  }),
  reverse: (input) => ({
    $case: 'reverse',
    value: {
      transactionId: input.transactionId,
      amount: input.amount,
      details: details({
        reason: input.reason,
        performedBy: input.performedBy,
        agentId: input.agentId,
      }),
    },
  }),
  reserve: (input) => ({ $case: 'reserve', value: reserve(input) }),
  commit: ({ reservationId, amount }) => ({
    $case: 'commitReservation',
    value: { reservationId, amount, details: undefined },
  }),
  release: ({ reservationId, reason }) => ({
    $case: 'releaseReservation',
    value: { reservationId, details: details({ reason }) },
  }),
  extend: ({ reservationId, timeoutSeconds }) => ({
    $case: 'extendReservation',
    value: { reservationId, timeoutSeconds, details: undefined },
  }),
  cashOut: ({ accountId, tableId, amount, seatId, handId = '' }) => ({
    $case: 'cashOut',
    value: { accountId, tableId, amount, seatId, handId, details: undefined },
  }),
  contribute: ({ tableId, handId, seatId, accountId, amount, type, currency = '' }) => ({
    $case: 'contribute',
    value: {
      tableId,
      handId,
      seatId,
      accountId,
      amount,
      contributionType: type,
      currency,
      details: undefined,
    },
  }),
  returnContribution: ({ tableId, handId, seatId, amount }) => ({
    $case: 'returnContribution',
    value: { tableId, handId, seatId, amount, details: undefined },
  }),
  settlePot: ({ tableId, handId, winners, showdown, rake }) => ({
    $case: 'settlePot',
    value: { tableId, handId, payout: payout({ winners, showdown }), rake, details: undefined },
  }),
  cancelPot: ({ tableId, handId, reason }) => ({
    $case: 'cancelPot',
    value: { tableId, handId, details: details({ reason }) },
  }),
  setPolicy: ({ tableId, escrowPolicy }) => ({
    $case: 'setTablePolicy',
    value: { tableId, escrowPolicy, currency: '', details: undefined },
  }),
};

function posting({ accountId, amount, currency = '' }: Operations['withdraw']) {
  return { accountId, amount, currency };
}

function openAccount(input: Operations['openAccount']): balanceV1.OpenAccount {
  const { accountId, initialBalance = 0n, currency = '', tier, holderId, limits } = input;
  return {
    accountId,
    currency,
    initialBalance,
    tier,
    holderId,
    limits: limits && encodeLimits(limits),
    details: details({ agentId: input.agentId, metadata: input.metadata }),
  };
}

function encodeLimits({ creditLimit, maxBalance, ...others }: LimitsInput): balanceV1.Limits {
  return {
    creditLimit: creditLimit ?? undefined,
    unlimitedCredit: creditLimit === null,
    minimumHold: others.minimumHold,
    maxBalance: maxBalance ?? undefined,
    unlimitedBalance: maxBalance === null,
    warningThreshold: others.warningThreshold,
    criticalThreshold: others.criticalThreshold,
  };
}

function reserve(input: Operations['reserve']): balanceV1.Reserve {
  const { accountId, amount, timeoutSeconds = 0, to, tableId, reference = '', metadata } = input;
  return {
    accountId,
    amount,
    timeoutSeconds,
    target: target(to, tableId),
    reference,
    details: details({ metadata }),
  };
}

function target(to: string | undefined, tableId: string | undefined): balanceV1.Reserve['target'] {
  if (to !== undefined) return { $case: 'toAccountId', value: to };
  return tableId === undefined ? undefined : { $case: 'tableId', value: tableId };
}

function payout({
  winners,
  showdown,
}: Pick<Operations['settlePot'], 'winners' | 'showdown'>): balanceV1.SettlePot['payout'] {
  if (winners !== undefined) return { $case: 'winners', value: { winners: [...winners] } };
  return showdown && { $case: 'showdown', value: { hands: [...showdown] } };
}

function details(input: DetailsInput): balanceV1.Details {
  const { reason = '', source = '', performedBy = '', agentId = '', metadata, effectiveAt } = input;
  return {
    reason,
    source,
    performedBy,
    agentId,
    metadataJson: metadata === undefined ? '' : JSON.stringify(metadata),
    effectiveAtMs: effectiveAt && BigInt(effectiveAt.getTime()),
  };
}
