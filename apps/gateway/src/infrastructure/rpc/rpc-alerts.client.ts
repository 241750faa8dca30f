import type { alertsV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { orRefusal, type Refused } from '@steelyard/rest/refusals';
import { AlertsPort } from '../../application/ports/alerts.port.js';

/** Alerts of the notifications app over gRPC or NATS, whichever the client speaks. */
export class RpcAlertsClient extends AlertsPort {
  constructor(private readonly rpc: RpcClient<typeof alertsV1.AlertServiceService>) {
    super();
  }

  override list(request: alertsV1.ListAlertsRequest): Promise<alertsV1.ListAlertsResponse | Refused> {
    return orRefusal('NOT_FOUND', () => this.rpc.call('listAlerts', request));
  }
}
