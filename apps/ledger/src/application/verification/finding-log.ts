import { incidentOf } from '../incidents/incident-of-finding.js';
import type { IncidentLog, IncidentSource } from '../incidents/incident-log.js';
import type { ChainMarks, MarkedChain } from './chain-marks.port.js';
import type { Finding } from './finding.js';

/** The checks of chains and facts. Whichever of them found a fault, a walk over everything finds it too. */
export const CHAIN_CHECKS: readonly IncidentSource[] = ['new_facts', 'walk', 'ends'];
/** Closed at the end of one walk; more are closed at the end of the next. */
const CLOSED_MAX = 500;

/** Keeps what verification finds: an incident each, and a mark on the chain so that it is proven again soon. */
export class FindingLog {
  constructor(
    private readonly incidents: IncidentLog,
    private readonly marks: ChainMarks,
  ) {}

  async record(findings: readonly Finding[], foundBy: IncidentSource): Promise<void> {
    if (findings.length === 0) return;
    await this.incidents.report(findings.map((finding) => incidentOf(finding, foundBy)));
    await this.marks.mark(findings.flatMap(markOf));
  }

  /** Closes what a walk that began at `startedAtMs` and went over everything did not find again. */
  async closeUnseen(startedAtMs: number): Promise<void> {
    const open = await this.incidents.list({ type: 'integrity_failure', isOpen: true, limit: CLOSED_MAX });
    for (const incident of open) {
      if (!CHAIN_CHECKS.includes(incident.foundBy) || incident.lastSeenAtMs >= BigInt(startedAtMs)) continue;
      await this.incidents.resolve(incident, 'a complete walk no longer finds it', CHAIN_CHECKS);
    }
  }
}

function markOf({ bucket, accountId, restart }: Finding): MarkedChain[] {
  return restart === undefined ? [] : [{ bucket, accountId, restart }];
}
