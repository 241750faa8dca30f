import type { Clock } from '../clock.port.js';
import type { WalkProgressStore } from '../continue-walk/walk-progress.port.js';
import type { IncidentLog } from '../incidents/incident-log.js';
import type { NewFactsStore } from '../verify-new-facts/new-facts.port.js';

export interface VerificationSummary {
  readonly verifiedUpToMs: bigint | undefined;
  readonly walkAccountsChecked: bigint;
  readonly invalidAccounts: bigint;
  readonly driftedAccounts: bigint;
  readonly newFactsVerifiedUpToMs: bigint | undefined;
  readonly factsUnverified: bigint;
  readonly openIncidents: bigint;
}

/** How far the ledger is verified, and what is open. */
export class VerificationProgress {
  constructor(
    private readonly walks: WalkProgressStore,
    private readonly newFacts: NewFactsStore,
    private readonly incidents: IncidentLog,
    private readonly clock: Clock,
  ) {}

  async summary(): Promise<VerificationSummary> {
    const [walk, newFacts, openIncidents] = await Promise.all([
      this.walks.summary(),
      this.newFacts.summary(this.clock.nowMs()),
      this.incidents.countOpen(),
    ]);
    const { verifiedUpToMs } = walk;
    return {
      verifiedUpToMs: verifiedUpToMs === undefined ? undefined : BigInt(verifiedUpToMs),
      walkAccountsChecked: walk.accountsChecked,
      invalidAccounts: walk.invalidAccounts,
      driftedAccounts: walk.driftedAccounts,
      newFactsVerifiedUpToMs: newFacts.verifiedUpToMs,
      factsUnverified: newFacts.factsUnverified,
      openIncidents,
    };
  }
}
