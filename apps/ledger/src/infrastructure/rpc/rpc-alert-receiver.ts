import type { alertsV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import type { Incident } from '../../application/incidents/incident-log.js';
import { AlertReceiver } from '../../application/report-alerts/alert-outbox.port.js';

export type AlertsRpc = RpcClient<typeof alertsV1.AlertServiceService>;

/** The notifications app. */
export class RpcAlertReceiver extends AlertReceiver {
  constructor(private readonly rpc: AlertsRpc) {
    super();
  }

  override async report(incidents: readonly Incident[]): Promise<void> {
    await this.rpc.call('reportAlerts', { reports: incidents.flatMap(reportsOf) });
  }
}

/** An incident that is over may never have been told of: its beginning goes first. */
function reportsOf(incident: Incident): alertsV1.AlertReport[] {
  const { incidentId, type, accountId, reason, foundAtMs, resolvedAtMs, resolution } = incident;
  const about = { occurrenceId: incidentId, type, accountId, detailJson: detailOf(incident) };
  const opened = { ...about, message: reason, occurredAtMs: foundAtMs, resolved: false };
  if (resolvedAtMs === undefined) return [opened];
  return [opened, { ...about, message: resolution, occurredAtMs: resolvedAtMs, resolved: true }];
}

function detailOf(incident: Incident): string {
  const { bucket, sequence, entryId, foundBy, expectedJson, foundJson } = incident;
  const fields = JSON.stringify({ bucket, sequence: sequence.toString(), entryId, foundBy });
  // Both are JSON objects already.
  return `${fields.slice(0, -1)},"expected":${expectedJson},"found":${foundJson}}`;
}
