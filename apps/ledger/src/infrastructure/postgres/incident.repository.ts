import { randomUUID } from 'node:crypto';
import type { Clock } from '../../application/clock.port.js';
import {
  IncidentLog,
  type FoundIncident,
  type Incident,
  type IncidentFilter,
  type IncidentKey,
  type IncidentSource,
  type IncidentType,
} from '../../application/incidents/incident-log.js';
import {
  AMEND_INCIDENT,
  COUNT_OPEN_INCIDENTS,
  LIST_INCIDENTS,
  LIST_INCIDENTS_OF,
  REPORT_INCIDENTS,
  RESOLVE_INCIDENT,
} from './incidents.sql.js';
import type { LedgerDatabase } from './ledger-database.js';

export interface IncidentRow {
  readonly incident_id: string;
  readonly type: IncidentType;
  readonly bucket: number;
  readonly account_id: string;
  readonly found_by: IncidentSource;
  readonly sequence: bigint;
  readonly entry_id: string;
  readonly reason: string;
  readonly expected: string;
  readonly found: string;
  readonly found_at_ms: bigint;
  readonly last_seen_at_ms: bigint;
  readonly resolved_at_ms: bigint | null;
  readonly resolution: string;
}

export class IncidentRepository extends IncidentLog {
  constructor(
    private readonly database: LedgerDatabase,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async report(found: readonly FoundIncident[]): Promise<readonly Incident[]> {
    if (found.length === 0) return [];
    const reports = [...firstOfEachKey(found).values()].map(reportOf);
    const ids = reports.map((report) => report['incident_id']);
    const { rows } = await this.database.pool.query<IncidentRow & { is_new: boolean }>({
      ...REPORT_INCIDENTS,
      values: [this.clock.nowMs(), JSON.stringify(reports), ids],
    });
    return rows.filter((row) => row.is_new).map(incidentOf);
  }

  override async resolve(
    key: IncidentKey,
    resolution: string,
    foundBy?: readonly IncidentSource[],
  ): Promise<Incident | undefined> {
    const { rows } = await this.database.pool.query<IncidentRow>({
      ...RESOLVE_INCIDENT,
      values: [key.type, key.bucket, key.accountId, this.clock.nowMs(), foundBy ?? null, resolution],
    });
    return rows.map(incidentOf)[0];
  }

  override async amend(incidentId: string, resolution: string): Promise<void> {
    await this.database.pool.query({ ...AMEND_INCIDENT, values: [incidentId, resolution] });
  }

  override async list(filter: IncidentFilter): Promise<readonly Incident[]> {
    const { type, isOpen, accountId, after, limit } = filter;
    const values = [
      type ?? null,
      isOpen ?? null,
      after?.foundAtMs ?? null,
      after?.incidentId ?? null,
      limit,
      ...(accountId === undefined ? [] : [accountId]),
    ];
    const statement = accountId === undefined ? LIST_INCIDENTS : LIST_INCIDENTS_OF;
    const { rows } = await this.database.pool.query<IncidentRow>({ ...statement, values });
    return rows.map(incidentOf);
  }

  override async countOpen(): Promise<bigint> {
    const { rows } = await this.database.pool.query<{ incidents: bigint }>(COUNT_OPEN_INCIDENTS);
    return rows[0]?.incidents ?? 0n;
  }
}

/** One statement cannot meet the same open incident twice. */
function firstOfEachKey(found: readonly FoundIncident[]): ReadonlyMap<string, FoundIncident> {
  const firsts = new Map<string, FoundIncident>();
  for (const one of found) {
    const key = `${one.type} ${one.bucket} ${one.foundBy === 'audit'} ${one.accountId}`;
    if (!firsts.has(key)) firsts.set(key, one);
  }
  return firsts;
}

function reportOf(found: FoundIncident): Record<string, string | number> {
  return {
    incident_id: randomUUID(),
    type: found.type,
    bucket: found.bucket,
    account_id: found.accountId,
    found_by: found.foundBy,
    sequence: found.sequence.toString(),
    entry_id: found.entryId,
    reason: found.reason,
    expected: found.expectedJson,
    found: found.foundJson,
  };
}

export function incidentOf(row: IncidentRow): Incident {
  return {
    incidentId: row.incident_id,
    type: row.type,
    bucket: row.bucket,
    accountId: row.account_id,
    foundBy: row.found_by,
    sequence: row.sequence,
    entryId: row.entry_id,
    reason: row.reason,
    expectedJson: row.expected,
    foundJson: row.found,
    foundAtMs: row.found_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    ...(row.resolved_at_ms === null ? {} : { resolvedAtMs: row.resolved_at_ms }),
    resolution: row.resolution,
  };
}
