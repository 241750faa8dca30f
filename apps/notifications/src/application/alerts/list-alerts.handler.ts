import { ALERT_STATUSES, isAlertType, type Alert } from './alert.js';
import { decodeAlertCursor, encodeAlertCursor } from './alert-cursor.js';
import type { AlertStore } from './alert-store.port.js';
import { isAlertRefusal, refuseAlert, type AlertRefusal } from './alert-refusal.js';

/** Which alerts; empty members filter nothing. */
export interface ListAlerts {
  readonly accountId: string;
  readonly type: string;
  readonly status: string;
  /** 0: the default. */
  readonly limit: number;
  /** Empty: the first page. */
  readonly cursor: string;
}

export interface AlertPage {
  readonly alerts: readonly Alert[];
  /** Empty on the last page. */
  readonly nextCursor: string;
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 500;

/** Shows alerts, newest first. */
export class ListAlertsHandler {
  constructor(private readonly store: AlertStore) {}

  /** Refuses with INVALID_REQUEST or INVALID_CURSOR. */
  async execute(request: ListAlerts): Promise<AlertPage | AlertRefusal> {
    const { accountId, type } = request;
    const limit = request.limit === 0 ? LIMIT_DEFAULT : request.limit;
    if (limit > LIMIT_MAX) return refuseAlert('INVALID_REQUEST', `limit is 1 to ${LIMIT_MAX}`);
    const status = ALERT_STATUSES.find((known) => known === request.status);
    if (request.status !== '' && status === undefined) {
      return refuseAlert('INVALID_REQUEST', `status is one of ${ALERT_STATUSES.join(', ')}`);
    }
    if (type !== '' && !isAlertType(type))
      return refuseAlert('INVALID_REQUEST', `${type} is no type of alert`);
    const after = decodeAlertCursor(request.cursor);
    if (isAlertRefusal(after)) return after;
    const found = await this.store.list({
      ...(accountId === '' ? {} : { accountId }),
      ...(type === '' ? {} : { type }),
      ...(status === undefined ? {} : { status }),
      ...(after === undefined ? {} : { after }),
      // One more tells whether there is another page.
      limit: limit + 1,
    });
    const alerts = found.slice(0, limit);
    const last = alerts.at(-1);
    const nextCursor = found.length > limit && last !== undefined ? encodeAlertCursor(last) : '';
    return { alerts, nextCursor };
  }
}
