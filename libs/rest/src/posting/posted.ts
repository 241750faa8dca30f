import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';
import { isErrorCode } from '@steelyard/contracts/errors';
import { invariant } from '@steelyard/domain/result';
import { refused, type Refused } from '../refusals/refused.js';

/** A committed transaction. */
export interface Posted {
  readonly kind: 'posted';
  /** The key had been used before for the same request: this is the first answer again. */
  readonly replayed: boolean;
  readonly transaction: moneyV1.Transaction;
}

/** What became of a command that moves money. */
export function postedOf(outcome: balanceV1.Outcome): Posted | Refused {
  const { result, replayed } = outcome;
  if (result?.$case === 'refusal') return refusalOf(result.value);
  invariant(result?.$case === 'transaction', 'a money command answers with a transaction or a refusal');
  return { kind: 'posted', replayed, transaction: result.value };
}

/** What became of a command that opens or changes an account. */
export function accountOf(outcome: balanceV1.Outcome): AccountChanged | Refused {
  const { result, replayed } = outcome;
  if (result?.$case === 'refusal') return refusalOf(result.value);
  invariant(
    result?.$case === 'account' && result.value.account,
    'an account command answers with the account',
  );
  return { kind: 'account', replayed, account: result.value.account, created: result.value.created };
}

export interface AccountChanged {
  readonly kind: 'account';
  readonly replayed: boolean;
  readonly account: balanceV1.Account;
  readonly created: boolean;
}

/** The refusal of a command. */
export function refusalOf({ code, message, field }: balanceV1.Refusal): Refused {
  // A newer balance app may refuse for reasons that this gateway does not know yet.
  return refused(isErrorCode(code) ? code : 'INVALID_REQUEST', message, field);
}
