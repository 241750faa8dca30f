import type { alertsV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';
import type { AlertsPort } from '../ports/alerts.port.js';

/** Reads what somebody should look at. */
export class ReadAlertsHandler {
  constructor(private readonly alerts: AlertsPort) {}

  execute(request: alertsV1.ListAlertsRequest): Promise<alertsV1.ListAlertsResponse | Refused> {
    return this.alerts.list(request);
  }
}
