import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';

const NO_DETAILS: balanceV1.Details = {
  reason: '',
  source: '',
  performedBy: '',
  agentId: '',
  metadataJson: '',
  effectiveAtMs: undefined,
};

type Body = NonNullable<balanceV1.Command['body']>;

function command(idempotencyKey: string, body: Body): balanceV1.Command {
  return { idempotencyKey, atomicGroup: 0, dryRun: false, body };
}

/** Money from the outside world; opens the account. */
export function deposit(key: string, accountId: string, amount: bigint): balanceV1.Command {
  return command(key, { $case: 'deposit', value: { accountId, amount, currency: '', details: NO_DETAILS } });
}

export function withdraw(key: string, accountId: string, amount: bigint): balanceV1.Command {
  return command(key, { $case: 'withdraw', value: { accountId, amount, currency: '', details: NO_DETAILS } });
}

export function transfer(
  key: string,
  [fromAccountId, toAccountId]: readonly [from: string, to: string],
  amount: bigint,
): balanceV1.Command {
  const value = { fromAccountId, toAccountId, amount, type: '', rate: '', details: NO_DETAILS };
  return command(key, { $case: 'transfer', value });
}

/** The transaction of an outcome, or undefined when the command was refused. */
export function grantedIn(outcome: balanceV1.Outcome): moneyV1.Transaction | undefined {
  return outcome.result?.$case === 'transaction' ? outcome.result.value : undefined;
}

/** The refusal's code, or undefined when the command was granted. */
export function refusalIn(outcome: balanceV1.Outcome): string | undefined {
  return outcome.result?.$case === 'refusal' ? outcome.result.value.code : undefined;
}
