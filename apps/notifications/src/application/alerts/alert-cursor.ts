import type { AlertPosition } from './alert-store.port.js';
import { refuseAlert, type AlertRefusal } from './alert-refusal.js';

const FORM = 'alerts.1';
const DIGITS = /^(0|[1-9][0-9]{0,15})$/;
const ALERT_ID = /^[0-9a-f-]{36}$/;

/** Writes the cursor of the page that follows an alert: clients pass it back and do not look inside. */
export function encodeAlertCursor({ openedAtMs, alertId }: AlertPosition): string {
  return Buffer.from(`${FORM}/${openedAtMs}/${alertId}`, 'utf8').toString('base64url');
}

/** Reads a cursor; undefined for the first page, INVALID_CURSOR for what is none of ours. */
export function decodeAlertCursor(cursor: string): AlertPosition | undefined | AlertRefusal {
  if (cursor === '') return undefined;
  const [form, openedAt = '', alertId = '', ...rest] = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split('/');
  const isOurs = form === FORM && rest.length === 0 && DIGITS.test(openedAt) && ALERT_ID.test(alertId);
  if (!isOurs) return refuseAlert('INVALID_CURSOR', 'cursor is none that this list returned');
  return { openedAtMs: BigInt(openedAt), alertId };
}
