import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { Attribution } from '../reconciliation/account-restorer.port.js';

const NAME_LENGTH_MAX = 128;
const REASON_LENGTH_MAX = 500;
// PostgreSQL cannot store NUL, and none of the others belongs into a name or a reason.
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** The refusal unless somebody stands for it with a reason. */
export function checkAttribution({ performedBy, reason }: Attribution): ReadRefusal | undefined {
  return check(performedBy, 'performedBy', NAME_LENGTH_MAX) ?? check(reason, 'reason', REASON_LENGTH_MAX);
}

function check(text: string, field: string, lengthMax: number): ReadRefusal | undefined {
  if (text !== '' && text.length <= lengthMax && !CONTROL_CHARACTERS.test(text)) return undefined;
  const message = `${field} must have 1 to ${lengthMax} characters and no control characters`;
  return refuseRead('INVALID_REQUEST', message, field);
}
