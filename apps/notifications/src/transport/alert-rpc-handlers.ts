import type { alertsV1 } from '@steelyard/contracts/grpc';
import { ERROR_TABLE } from '@steelyard/contracts/errors';
import { RpcError, type RpcHandlers } from '@steelyard/platform/rpc';
import type { Alert } from '../application/alerts/alert.js';
import { isAlertRefusal, type AlertRefusal } from '../application/alerts/alert-refusal.js';
import type { ListAlertsHandler } from '../application/alerts/list-alerts.handler.js';
import type { ReportAlertsHandler } from '../application/alerts/report-alerts.handler.js';

export interface AlertUseCases {
  readonly reportAlerts: ReportAlertsHandler;
  readonly listAlerts: ListAlertsHandler;
}

/** What every transport serves. A refusal leaves as an RpcError whose message begins with its code. */
export function alertRpcHandlers(useCases: AlertUseCases): RpcHandlers<typeof alertsV1.AlertServiceService> {
  return {
    reportAlerts: async ({ reports }) =>
      granted(
        await useCases.reportAlerts.execute(
          reports.map(({ resolved, ...report }) => ({ ...report, isResolved: resolved })),
        ),
      ),
    listAlerts: async (request) => {
      const { alerts, nextCursor } = granted(await useCases.listAlerts.execute(request));
      return { alerts: alerts.map(encodeAlert), nextCursor };
    },
  };
}

function encodeAlert(alert: Alert): alertsV1.Alert {
  const status = alert.closedAtMs === undefined ? 'open' : 'closed';
  return { closedAtMs: undefined, ...alert, status };
}

function granted<Result extends object>(result: Result | AlertRefusal): Result {
  if (!isAlertRefusal(result)) return result;
  throw new RpcError(ERROR_TABLE[result.code].grpcStatus, `${result.code}: ${result.message}`);
}
