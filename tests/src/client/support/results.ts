import type { Found, Granted, Refused } from '@steelyard/client';

/** The granted result. @throws Error when it was refused */
export function granted<Value>(result: Granted<Value> | Refused): Granted<Value> {
  if (result.ok) return result;
  throw new Error(`refused: ${result.error.code} ${result.error.message}`);
}

/** What a read found. @throws Error when it found nothing */
export function found<Value>(result: Found<Value> | Refused): Value {
  if (result.ok) return result.value;
  throw new Error(`refused: ${result.error.code} ${result.error.message}`);
}

/** Why it was refused. @throws Error when it was granted */
export function refusal(result: { readonly ok: true } | Refused): Refused['error'] {
  if (result.ok) throw new Error('it was granted');
  return result.error;
}
