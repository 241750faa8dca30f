import type { Drift, Finding } from '../verification/finding.js';
import type { AccountEnd } from '../verification/verification-reads.port.js';
import type { FoundIncident, IncidentSource } from './incident-log.js';

const NOTHING_JSON = '{}';

/** The incident that a finding is. */
export function incidentOf(finding: Finding, foundBy: IncidentSource): FoundIncident {
  const { bucket, accountId, sequence, entryId, reason, drift } = finding;
  const about = { foundBy, bucket, accountId, reason };
  if (drift !== undefined) return { ...about, type: 'drift', sequence: 0n, entryId: '', ...sidesOf(drift) };
  return {
    ...about,
    type: 'integrity_failure',
    sequence,
    entryId,
    expectedJson: NOTHING_JSON,
    foundJson: NOTHING_JSON,
  };
}

function sidesOf({ expected, found }: Drift): { expectedJson: string; foundJson: string } {
  return { expectedJson: endJson(expected), foundJson: endJson(found) };
}

/** Amounts and sequences as texts of digits. */
function endJson({ balance, checksum, sequence }: AccountEnd): string {
  return JSON.stringify({ balance: balance.toString(), checksum, sequence: sequence.toString() });
}
