import { ChainVerifier } from '@steelyard/domain/ledger-chain';
import { CHAIN_START } from './chain-audit.js';
import { proveChain } from './chain-proof.js';
import type { ChainLink, ChainPlace, FactReads, FactSlice, SliceEntry } from './fact-reads.port.js';
import { FactSums } from './fact-sums.js';
import type { Finding } from './finding.js';
import type { AccountEnd, VerificationReads } from './verification-reads.port.js';

export interface SliceVerdict {
  readonly entriesChecked: bigint;
  readonly findings: readonly Finding[];
}

/**
 * Proves facts and their entries in the order in which they were written. Each entry continues the one before it in
 * its chain, which another slice proves: so all slices together prove every chain, and none has to know how far the
 * others came. A chain with an entry that does not fit is judged by itself, from the entry before.
 */
export class SliceAudit {
  constructor(
    private readonly chains: VerificationReads,
    private readonly facts: FactReads,
  ) {}

  async audit(slice: FactSlice): Promise<SliceVerdict> {
    const { bucket } = slice;
    const byAccount = entriesByAccount(slice.entries);
    const [links, legs] = await Promise.all([
      this.facts.links(bucket, firstsOf(byAccount)),
      this.facts.legSums(slice.facts),
    ]);
    const suspects: ChainLink[] = [];
    let entriesChecked = 0n;
    for (const link of links) {
      const entries = byAccount.get(link.accountId) ?? [];
      const proven = provenOf(link, entries);
      entriesChecked += BigInt(proven);
      if (proven < entries.length) suspects.push(link);
    }
    const known = new Map(links.map((link) => [link.accountId, link]));
    const ofChains = await this.judge(bucket, suspects);
    return { entriesChecked, findings: [...ofChains, ...new FactSums(slice, known).findings(legs)] };
  }

  /** Judges the chains that have entries outside of every slice. */
  async auditOutcasts(bucket: number): Promise<readonly Finding[]> {
    const places = await this.facts.outcasts(bucket);
    return this.judge(bucket, places.length === 0 ? [] : await this.facts.links(bucket, places));
  }

  private async judge(bucket: number, suspects: readonly ChainLink[]): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for (const link of suspects) {
      const [ends] = await this.chains.endsOf(link.accountId, [bucket]);
      if (ends === undefined) continue;
      const restart = restartOf(link);
      // All that follows lies beyond where the account ends: whoever compares the ends says so.
      if (ends.account !== undefined && restart.sequence >= ends.account.sequence) continue;
      const { verdict } = await proveChain(this.chains, ends, { restart });
      if (verdict?.finding !== undefined) findings.push(verdict.finding);
    }
    return findings;
  }
}

/** The entry before a link's place; the chain's beginning when there is none that could be one. */
function restartOf({ previous }: ChainLink): AccountEnd {
  return previous === undefined || previous.sequence < 1n ? CHAIN_START : previous;
}

/** The entries of each account in sequence order. */
export function entriesByAccount(entries: readonly SliceEntry[]): ReadonlyMap<string, readonly SliceEntry[]> {
  const byAccount = Map.groupBy(entries, ({ accountId }) => accountId);
  for (const ofAccount of byAccount.values()) sortBySequence(ofAccount);
  return byAccount;
}

/** In a ledger that nobody touched they are in order already: facts and entries grow together. */
function sortBySequence(entries: SliceEntry[]): void {
  const isSorted = entries.every((entry, index) => {
    const before = entries[index - 1];
    return before === undefined || before.sequence < entry.sequence;
  });
  if (!isSorted) entries.sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
}

function firstsOf(byAccount: ReadonlyMap<string, readonly SliceEntry[]>): readonly ChainPlace[] {
  return [...byAccount].flatMap(([accountId, [first]]) =>
    first === undefined ? [] : [{ accountId, sequence: first.sequence }],
  );
}

/** How many of the entries, from the first on, continue the chain. */
function provenOf(link: ChainLink, entries: readonly SliceEntry[]): number {
  if (!link.hasAccount) return 0;
  const verifier = new ChainVerifier();
  Object.assign(verifier, restartOf(link));
  const wrong = entries.findIndex(
    (entry) =>
      'unprovable' in entry ||
      verifier.next(entry) !== undefined ||
      (entry.sequence === link.proven?.sequence && entry.checksum !== link.proven.checksum),
  );
  return wrong === -1 ? entries.length : wrong;
}
