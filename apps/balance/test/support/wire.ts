import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';
import { nextKey } from './commands.js';

type Body = NonNullable<balanceV1.Command['body']>;
type ValueOf<Case extends Body['$case']> = Extract<Body, { $case: Case }>['value'];

export const NO_DETAILS: balanceV1.Details = {
  reason: '',
  source: '',
  performedBy: '',
  agentId: '',
  metadataJson: '',
  effectiveAtMs: undefined,
};

export const NO_LIMITS: balanceV1.Limits = {
  creditLimit: undefined,
  unlimitedCredit: false,
  minimumHold: undefined,
  maxBalance: undefined,
  unlimitedBalance: false,
  warningThreshold: undefined,
  criticalThreshold: undefined,
};

export interface Envelope {
  readonly key?: string;
  readonly group?: number;
  readonly isDryRun?: boolean;
}

function wrap(body: Body, { key = nextKey(), group = 0, isDryRun = false }: Envelope): balanceV1.Command {
  return { idempotencyKey: key, atomicGroup: group, dryRun: isDryRun, body };
}

/** Commands as they go over the wire, complete; `over` replaces members of the body. */
export const wire = {
  open: (accountId: string, over: Partial<ValueOf<'openAccount'>> = {}, envelope: Envelope = {}) =>
    wrap(
      {
        $case: 'openAccount',
        value: {
          accountId,
          currency: '',
          initialBalance: 0n,
          tier: undefined,
          holderId: undefined,
          limits: undefined,
          details: NO_DETAILS,
          ...over,
        },
      },
      envelope,
    ),
  update: (accountId: string, over: Partial<ValueOf<'updateAccount'>> = {}, envelope: Envelope = {}) =>
    wrap(
      {
        $case: 'updateAccount',
        value: {
          accountId,
          tier: undefined,
          holderId: undefined,
          agentId: undefined,
          limits: undefined,
          metadataJson: undefined,
          performedBy: '',
          reason: '',
          ...over,
        },
      },
      envelope,
    ),
  status: (accountId: string, status: string, envelope: Envelope = {}) =>
    wrap(
      { $case: 'setAccountStatus', value: { accountId, status, performedBy: 'operator', reason: '' } },
      envelope,
    ),
  deposit: (accountId: string, over: Partial<ValueOf<'deposit'>> = {}, envelope: Envelope = {}) =>
    wrap(
      { $case: 'deposit', value: { accountId, amount: 1n, currency: '', details: NO_DETAILS, ...over } },
      envelope,
    ),
  withdraw: (accountId: string, over: Partial<ValueOf<'withdraw'>> = {}, envelope: Envelope = {}) =>
    wrap(
      { $case: 'withdraw', value: { accountId, amount: 1n, currency: '', details: NO_DETAILS, ...over } },
      envelope,
    ),
  change: (accountId: string, over: Partial<ValueOf<'change'>> = {}, envelope: Envelope = {}) =>
    wrap(
      {
        $case: 'change',
        value: { accountId, amount: 1n, changeType: 'adjustment', details: NO_DETAILS, ...over },
      },
      envelope,
    ),
  transfer: (over: Partial<ValueOf<'transfer'>>, envelope: Envelope = {}) =>
    wrap(
      {
        $case: 'transfer',
        value: {
          fromAccountId: '',
          toAccountId: '',
          amount: 1n,
          type: '',
          rate: '',
          details: NO_DETAILS,
          ...over,
        },
      },
      envelope,
    ),
  reverse: (transactionId: string, amount?: bigint, envelope: Envelope = {}) =>
    wrap({ $case: 'reverse', value: { transactionId, amount, details: NO_DETAILS } }, envelope),
  reserve: (accountId: string, over: Partial<ValueOf<'reserve'>> = {}, envelope: Envelope = {}) => {
    const value = { accountId, amount: 1n, timeoutSeconds: 60, target: undefined, reference: '' };
    return wrap({ $case: 'reserve', value: { ...value, details: NO_DETAILS, ...over } }, envelope);
  },
  commit: (reservationId: string, amount?: bigint, envelope: Envelope = { key: '' }) =>
    wrap({ $case: 'commitReservation', value: { reservationId, amount, details: NO_DETAILS } }, envelope),
  release: (reservationId: string, envelope: Envelope = { key: '' }) =>
    wrap({ $case: 'releaseReservation', value: { reservationId, details: NO_DETAILS } }, envelope),
  extend: (reservationId: string, timeoutSeconds: number, envelope: Envelope = { key: '' }) => {
    const value = { reservationId, timeoutSeconds, details: NO_DETAILS };
    return wrap({ $case: 'extendReservation', value }, envelope);
  },
  cashOut: (over: Partial<ValueOf<'cashOut'>>, envelope: Envelope = {}) => {
    const value = { accountId: '', tableId: '', amount: 1n, seatId: undefined, handId: '' };
    return wrap({ $case: 'cashOut', value: { ...value, details: NO_DETAILS, ...over } }, envelope);
  },
  contribute: (over: Partial<ValueOf<'contribute'>>, envelope: Envelope = {}) => {
    const seat = { seatId: 1, accountId: 'player', amount: 1n, contributionType: 'BET', currency: '' };
    const value = { tableId: '', handId: '', ...seat, details: NO_DETAILS, ...over };
    return wrap({ $case: 'contribute', value }, envelope);
  },
  giveBack: (over: Partial<ValueOf<'returnContribution'>>, envelope: Envelope = {}) => {
    const value = { tableId: '', handId: '', seatId: 1, amount: 1n, details: NO_DETAILS, ...over };
    return wrap({ $case: 'returnContribution', value }, envelope);
  },
  settle: (over: Partial<ValueOf<'settlePot'>>, envelope: Envelope = {}) => {
    const value = { tableId: '', handId: '', payout: undefined, rake: undefined, details: NO_DETAILS };
    return wrap({ $case: 'settlePot', value: { ...value, ...over } }, envelope);
  },
  cancel: (pot: { tableId: string; handId: string }, envelope: Envelope = { key: '' }) =>
    wrap({ $case: 'cancelPot', value: { ...pot, details: NO_DETAILS } }, envelope),
  policy: (tableId: string, escrowPolicy: string, envelope: Envelope = { key: '' }) => {
    const value = { tableId, escrowPolicy, currency: '', details: NO_DETAILS };
    return wrap({ $case: 'setTablePolicy', value }, envelope);
  },
};

/** The transaction of an outcome that must be one. */
export function transactionIn(outcome: balanceV1.Outcome | undefined): moneyV1.Transaction {
  if (outcome?.result?.$case === 'transaction') return outcome.result.value;
  throw new Error(`no transaction but ${outcome?.result?.$case ?? 'nothing'}: ${refusalIn(outcome)}`);
}

/** The account of an outcome that must be one. */
export function accountIn(outcome: balanceV1.Outcome | undefined): balanceV1.Account {
  const value = outcome?.result?.$case === 'account' ? outcome.result.value.account : undefined;
  if (value === undefined) throw new Error(`no account: ${refusalIn(outcome)}`);
  return value;
}

/** The reservation of an outcome that must be one. */
export function reservationIn(outcome: balanceV1.Outcome | undefined): balanceV1.Reservation {
  if (outcome?.result?.$case === 'reservation') return outcome.result.value;
  throw new Error(`no reservation: ${refusalIn(outcome)}`);
}

/** What came of a command on a pot, of an outcome that must be that. */
export function potIn(outcome: balanceV1.Outcome | undefined): balanceV1.PotOutcome {
  if (outcome?.result?.$case === 'pot') return outcome.result.value;
  throw new Error(`no pot: ${refusalIn(outcome)}`);
}

/** "CODE field" of a refusal, or what the outcome is instead. */
export function refusalIn(outcome: balanceV1.Outcome | undefined): string {
  if (outcome?.result?.$case !== 'refusal') return outcome?.result?.$case ?? 'nothing';
  const { code, field } = outcome.result.value;
  return `${code} ${field}`.trim();
}
