import type { alertsV1 } from '@steelyard/contracts/grpc';
import { isoInstant, RawJson, type Reply } from '@steelyard/rest/replies';

/** A page of alerts. */
export function presentAlerts({ alerts, nextCursor }: alertsV1.ListAlertsResponse): Reply {
  return { alerts: alerts.map(presentAlert), nextCursor: nextCursor === '' ? null : nextCursor };
}

function presentAlert(alert: alertsV1.Alert): Reply {
  const { alertId, type, accountId, level, status, message, openedAtMs, closedAtMs } = alert;
  return {
    alertId,
    type,
    accountId: accountId === '' ? null : accountId,
    level,
    status,
    message,
    detail: new RawJson(alert.detailJson),
    openedAt: isoInstant(openedAtMs),
    closedAt: closedAtMs === undefined ? null : isoInstant(closedAtMs),
  };
}
