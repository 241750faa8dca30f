import type { alertsV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';

/** Alerts of the notifications app. Throws an outage when it cannot answer; a refusal is a value. */
export abstract class AlertsPort {
  /** Newest first. */
  abstract list(request: alertsV1.ListAlertsRequest): Promise<alertsV1.ListAlertsResponse | Refused>;
}
