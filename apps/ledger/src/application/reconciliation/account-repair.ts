import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import type { ChainFault } from '@steelyard/domain/ledger-chain';
import type { FoundIncident, IncidentLog } from '../incidents/incident-log.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { AccountRestorer, Attribution } from './account-restorer.port.js';
import type { AccountState } from './account-state.port.js';
import { driftFaults, expectedJson, foundJson } from './account-difference.js';
import type { ProvenState } from './account-proof.js';

/** How an incident ends when the row was put back. */
const REPAIRED = 'repaired';
const GONE = 'no longer found';
/** What other checks found, only those can say is over. */
const OWN = ['reconciliation'] as const;

/** Reports drift, and puts it right: each step is written down before the next is taken. */
export class AccountRepair {
  constructor(
    private readonly restorer: AccountRestorer,
    private readonly incidents: IncidentLog,
  ) {}

  /** Opens the incident of a drifted account. */
  async report(drifted: AccountState): Promise<void> {
    await this.incidents.report([driftIncident(drifted)]);
  }

  /** Closes the incident of an account that agrees, if there is one. */
  async resolve({ bucket, accountId }: AccountState): Promise<void> {
    await this.incidents.resolve({ type: 'drift', bucket, accountId }, GONE);
  }

  /**
   * Restores a row to its proven chain. False: there was nothing to restore. Refuses with INTEGRITY_FAILURE when the
   * chain does not hold: then nothing can be derived from it, and nothing is changed. Throws OutageError.
   */
  async restore(
    { state, chainFault }: ProvenState,
    attribution: Attribution,
  ): Promise<boolean | ReadRefusal> {
    const isDrifted = driftFaults(state).length > 0;
    if (isDrifted) await this.report(state);
    if (chainFault !== undefined) return this.refuse(state, chainFault);
    const { bucket, accountId, last } = state;
    if (!isDrifted) {
      await this.resolveRefused(state);
      await this.resolve(state);
      return false;
    }
    const incidentId = await this.openDrift(state);
    const restored = await this.restorer.restore({ bucket, accountId, proven: last, ...attribution });
    if (isReadRefusal(restored)) {
      if (restored.code !== 'INTEGRITY_FAILURE') return restored;
      return this.refuse(state, { sequence: 0n, entryId: '', reason: restored.message });
    }
    await this.resolveRefused(state);
    if (restored) await this.resolveRepaired(state, incidentId);
    else await this.resolve(state);
    return restored;
  }

  private async openDrift({ bucket, accountId }: AccountState): Promise<string | undefined> {
    const open = await this.incidents.list({ type: 'drift', isOpen: true, accountId, limit: BUCKETS_MAX });
    return open.find((incident) => incident.bucket === bucket)?.incidentId;
  }

  /** The chain is right, and nothing else spoke against the account. */
  private async resolveRefused({ bucket, accountId }: AccountState): Promise<void> {
    const chain = { type: 'integrity_failure', bucket, accountId } as const;
    await this.incidents.resolve(chain, 'the chain was proven again and is right', OWN);
  }

  /** Another check may have seen that the account agrees again before this one could say why. */
  private async resolveRepaired(
    { bucket, accountId }: AccountState,
    incidentId: string | undefined,
  ): Promise<void> {
    const closed = await this.incidents.resolve({ type: 'drift', bucket, accountId }, REPAIRED);
    if (closed === undefined && incidentId !== undefined) await this.incidents.amend(incidentId, REPAIRED);
  }

  private async refuse({ bucket, accountId }: AccountState, fault: ChainFault): Promise<ReadRefusal> {
    const { sequence, entryId, reason } = fault;
    const found = {
      bucket,
      accountId,
      foundBy: 'reconciliation',
      expectedJson: '{}',
      foundJson: '{}',
    } as const;
    await this.incidents.report([{ type: 'integrity_failure', ...found, sequence, entryId, reason }]);
    const where = sequence > 0n ? ` at entry ${sequence}` : '';
    const message = `account ${accountId} is not restored: its ledger does not hold${where}: ${reason}`;
    return refuseRead('INTEGRITY_FAILURE', message, 'accountId');
  }
}

function driftIncident(state: AccountState): FoundIncident {
  const { bucket, accountId } = state;
  return {
    type: 'drift',
    bucket,
    accountId,
    foundBy: 'reconciliation',
    sequence: 0n,
    entryId: '',
    reason: driftFaults(state).join('; '),
    expectedJson: expectedJson(state),
    foundJson: foundJson(state),
  };
}
