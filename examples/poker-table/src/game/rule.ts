/** Why the rules of the table do not allow something. */
export type RuleCode =
  | 'SEAT_UNKNOWN'
  | 'SEAT_TAKEN'
  | 'SEAT_EMPTY'
  | 'ALREADY_SEATED'
  | 'SEAT_BUSY'
  | 'BUY_IN_OUT_OF_RANGE'
  | 'IN_HAND'
  | 'HAND_RUNNING'
  | 'NO_HAND'
  | 'TOO_FEW_PLAYERS'
  | 'NOT_YOUR_TURN'
  | 'ACTION_NOT_POSSIBLE'
  | 'AMOUNT_NOT_POSSIBLE'
  | 'NOT_AT_SHOWDOWN'
  | 'WINNERS_NOT_POSSIBLE';

/** "No", and what would be possible instead. */
export interface Broken {
  readonly ok: false;
  readonly code: RuleCode;
  readonly message: string;
}

/** A move that the rules allow comes to a value; another one to the rule it breaks. */
export type Ruled<Value> = { readonly ok: true; readonly value: Value } | Broken;

export function allowed<Value>(value: Value): Ruled<Value> {
  return { ok: true, value };
}

export function broken(code: RuleCode, message: string): Broken {
  return { ok: false, code, message };
}
