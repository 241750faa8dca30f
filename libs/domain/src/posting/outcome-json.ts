import { accountFromJson, accountToJson } from '../accounts/index.js';
import { canonicalJson, isJsonObject } from '../ledger-chain/index.js';
import { reservationFromJson, reservationToJson } from '../reservations/index.js';
import { invariant, REFUSAL_CODES, refuse, type RefusalCode } from '../result/index.js';
import type { Outcome } from './outcome.js';
import { potOutcomeFromJson, potOutcomeToJson } from './pot-outcome-json.js';

/** An outcome that is not given again from a fact, as JSON. */
export function outcomeToJson(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'refusal': {
      const { code, message, field } = outcome;
      return canonicalJson({ code, message, field });
    }
    case 'account':
      return canonicalJson({ account: accountToJson(outcome.account) });
    case 'reservation':
      return canonicalJson({ reservation: reservationToJson(outcome.reservation) });
    case 'pot':
      return canonicalJson({ pot: potOutcomeToJson(outcome) });
    case 'transaction':
      invariant(false, 'a transaction is a fact and is answered from it');
  }
}

/** The outcome that {@link outcomeToJson} wrote. Anything else is a bug or a damaged row. */
export function outcomeFromJson(json: string): Outcome {
  const members: unknown = JSON.parse(json);
  invariant(isJsonObject(members), 'a frozen outcome is a JSON object');
  const { account, reservation, pot, code, message, field } = members;
  if (isJsonObject(reservation)) {
    return { kind: 'reservation', reservation: reservationFromJson(reservation) };
  }
  if (isJsonObject(pot)) return potOutcomeFromJson(pot);
  if (isJsonObject(account)) {
    return { kind: 'account', account: accountFromJson(account), isCreated: false };
  }
  invariant(typeof message === 'string' && isRefusalCode(code), 'a frozen refusal has a code and a message');
  return refuse(code, message, typeof field === 'string' ? field : undefined);
}

function isRefusalCode(code: unknown): code is RefusalCode {
  return REFUSAL_CODES.some((known) => known === code);
}
