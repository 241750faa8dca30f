import type { ledgerV1 } from '@steelyard/contracts/grpc';
import { isoInstant, type Reply } from '@steelyard/rest/replies';

/** What became of recomputing one account's chain. */
export function presentVerification(verification: ledgerV1.AccountVerification) {
  const { accountId, valid, entriesChecked, firstInvalidEntry, reason } = verification;
  return {
    accountId,
    valid,
    entriesChecked,
    firstInvalidEntry: firstInvalidEntry && {
      sequence: firstInvalidEntry.sequence,
      entryId: firstInvalidEntry.entryId,
    },
    reason: reason === '' ? undefined : reason,
  };
}

/** One step of recomputing one account's chain. */
export function presentVerificationStep(accountId: string, step: ledgerV1.VerifyAccountResponse): Reply {
  const { verification, entriesChecked, entries, nextCursor } = step;
  const { firstInvalidEntry, reason } = verification === undefined ? {} : presentVerification(verification);
  return {
    accountId,
    valid: verification?.valid ?? null,
    entriesChecked,
    entries,
    firstInvalidEntry,
    reason,
    nextCursor: nextCursor === '' ? null : nextCursor,
  };
}

/** One step of a walk over all accounts. */
export function presentWalk(walk: ledgerV1.VerifyAccountsResponse): Reply {
  return {
    valid: walk.failures.length === 0,
    accountsChecked: walk.accountsChecked,
    entriesChecked: walk.entriesChecked,
    failures: walk.failures.map(presentVerification),
    nextCursor: walk.nextCursor === '' ? null : walk.nextCursor,
  };
}

/** The state of the whole ledger. */
export function presentStatus(status: ledgerV1.GetStatusResponse): Reply {
  return {
    accounts: status.accounts,
    entries: status.entries,
    sums: status.sums.map(({ currency, sumOfEntries }) => ({ currency, sumOfEntries })),
    verifiedUpTo: status.verifiedUpToMs === undefined ? null : isoInstant(status.verifiedUpToMs),
    walkAccountsChecked: status.walkAccountsChecked,
    invalidAccounts: status.invalidAccounts,
    driftedAccounts: status.driftedAccounts,
    newFactsVerifiedUpTo:
      status.newFactsVerifiedUpToMs === undefined ? null : isoInstant(status.newFactsVerifiedUpToMs),
    factsUnverified: status.factsUnverified,
    openIncidents: status.openIncidents,
    checkpoint: presentLatest(status),
    sealsVerifiedUpTo:
      status.sealsVerifiedUpToMs === undefined ? null : isoInstant(status.sealsVerifiedUpToMs),
  };
}

function presentLatest(status: ledgerV1.GetStatusResponse): Reply {
  const { checkpointTreeSize: treeSize, checkpointSealedAtMs: sealedAtMs } = status;
  return treeSize === undefined || sealedAtMs === undefined
    ? null
    : { treeSize, sealedAt: isoInstant(sealedAtMs) };
}
