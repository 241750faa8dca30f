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

/** "CODE field" of a refusal, or what the outcome is instead. */
export function refusalIn(outcome: balanceV1.Outcome | undefined): string {
  if (outcome?.result?.$case !== 'refusal') return outcome?.result?.$case ?? 'nothing';
  const { code, field } = outcome.result.value;
  return `${code} ${field}`.trim();
}
