import type { reconciliationV1 } from '@steelyard/contracts/grpc';
import { isoInstant, RawJson, type Reply } from '@steelyard/rest/replies';
import type {
  AccountReconciled,
  AccountsReconciled,
} from '../../../application/reconcile/reconcile.handler.js';

/** What agrees and what does not, chain by chain. */
export function presentAccountValidation(validation: reconciliationV1.AccountValidation): Reply {
  const { accountId, currency, valid, chains } = validation;
  return { accountId, currency, valid, chains: chains.map(presentChain) };
}

function presentChain(chain: reconciliationV1.ChainValidation): Reply {
  return {
    bucket: chain.bucket,
    storedBalance: chain.storedBalance,
    lastEntryBalance: chain.lastEntryBalance,
    sumOfEntries: chain.sumOfEntries,
    storedHeld: chain.storedHeld,
    sumOfOpenReservations: chain.sumOfOpenReservations,
    storedSequence: chain.storedSequence,
    lastSequence: chain.lastSequence,
    chainValid: chain.chainValid,
    faults: chain.faults,
  };
}

/** What became of restoring one account. */
export function presentReconciled({ repaired, before, after }: AccountReconciled): Reply {
  return { repaired, before: presentAccountValidation(before), after: presentAccountValidation(after) };
}

/** One step of a walk over all accounts. */
export function presentReconcileWalk(walk: AccountsReconciled): Reply {
  return {
    accountsChecked: walk.accountsChecked,
    drifted: walk.drifted.map(presentAccountValidation),
    repaired: walk.repaired,
    nextCursor: orNull(walk.nextCursor),
  };
}

/** A page of what verification and reconciliation found. */
export function presentIncidents(page: reconciliationV1.ListIncidentsResponse): Reply {
  return { incidents: page.incidents.map(presentIncident), nextCursor: orNull(page.nextCursor) };
}

function presentIncident(incident: reconciliationV1.Incident): Reply {
  const { incidentId, type, bucket, sequence, reason, resolvedAtMs } = incident;
  return {
    incidentId,
    type,
    status: resolvedAtMs === undefined ? 'open' : 'resolved',
    accountId: orAbsent(incident.accountId),
    bucket,
    sequence: sequence === 0n ? undefined : sequence,
    entryId: orAbsent(incident.entryId),
    reason,
    expected: objectOrAbsent(incident.expectedJson),
    found: objectOrAbsent(incident.foundJson),
    foundAt: isoInstant(incident.foundAtMs),
    resolvedAt: resolvedAtMs === undefined ? undefined : isoInstant(resolvedAtMs),
    resolution: orAbsent(incident.resolution),
  };
}

function objectOrAbsent(json: string): RawJson | undefined {
  return json === '' || json === '{}' ? undefined : new RawJson(json);
}

function orAbsent(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
