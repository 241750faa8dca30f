import { accountFromJson, accountToJson } from '../accounts/index.js';
import { canonicalJson, isJsonObject } from '../ledger-chain/index.js';
import { invariant, REFUSAL_CODES, refuse, type RefusalCode } from '../result/index.js';
import type { Outcome } from './outcome.js';

/** An outcome that left no fact to give it again from, as JSON: a refusal, or an account that was not changed. */
export function outcomeToJson(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'refusal': {
      const { code, message, field } = outcome;
      return canonicalJson({ code, message, field });
    }
    case 'account':
      return canonicalJson({ account: accountToJson(outcome.account) });
    case 'transaction':
      invariant(false, 'a transaction is a fact and is answered from it');
  }
}

/** The outcome that {@link outcomeToJson} wrote. Anything else is a bug or a damaged row. */
export function outcomeFromJson(json: string): Outcome {
  const members: unknown = JSON.parse(json);
  invariant(isJsonObject(members), 'a frozen outcome is a JSON object');
  const { account, code, message, field } = members;
  if (isJsonObject(account)) {
    return { kind: 'account', account: accountFromJson(account), isCreated: false };
  }
  invariant(typeof message === 'string' && isRefusalCode(code), 'a frozen refusal has a code and a message');
  return refuse(code, message, typeof field === 'string' ? field : undefined);
}

function isRefusalCode(code: unknown): code is RefusalCode {
  return REFUSAL_CODES.some((known) => known === code);
}
