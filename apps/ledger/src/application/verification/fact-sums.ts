import { ENTRIES_PER_TRANSACTION_MIN, factFaultReason, type FactFaultName } from './fact-faults.js';
import type { FactSlice, LegSum, SliceEntry, SliceFact } from './fact-reads.port.js';
import type { Finding } from './finding.js';

/** Of one slice: an alarm does not need them all. */
const FAULTS_MAX = 100;
const NOTHING = 0n;

/**
 * Checks the facts of a slice: none is missing, and the entries of each transaction sum to zero per currency.
 * Sums are kept in arrays, one value a fact: an object each would cost more than all that is added up.
 */
export class FactSums {
  private readonly counts: Uint32Array;
  /** Of the currency of the fact's first entry, minor units. */
  private readonly amounts: bigint[];
  private readonly firsts: (SliceEntry | undefined)[];
  private readonly currencies: (string | undefined)[];
  /** Of other currencies, where a transaction has several. */
  private readonly others = new Map<string, bigint>();

  constructor(
    private readonly slice: FactSlice,
    /** Empty where there is no account. */
    private readonly accounts: ReadonlyMap<string, { readonly currency: string }>,
  ) {
    const { length } = slice.facts;
    this.counts = new Uint32Array(length);
    this.amounts = new Array<bigint>(length).fill(NOTHING);
    this.firsts = new Array<SliceEntry | undefined>(length).fill(undefined);
    this.currencies = new Array<string | undefined>(length).fill(undefined);
    for (const entry of slice.entries) this.addEntry(entry);
  }

  /** What is wrong; `legs` are the parts in other buckets. */
  findings(legs: readonly LegSum[]): Finding[] {
    for (const leg of legs) this.move(leg.place, leg.currency, leg);
    const unbalanced = this.unbalancedInOthers();
    const findings: Finding[] = [];
    this.slice.facts.forEach((fact, place) => {
      const fault = fact === undefined ? 'missing' : this.faultOf(fact, place, unbalanced);
      if (fault !== undefined && findings.length < FAULTS_MAX)
        findings.push(this.findingOf(place, fault, fact));
    });
    return [...findings, ...this.beyond()];
  }

  private addEntry(entry: SliceEntry): void {
    const { place, amount } = entry;
    this.firsts[place] ??= entry;
    this.move(place, this.accounts.get(entry.accountId)?.currency ?? '', { entries: 1, amount });
  }

  private move(place: number, currency: string, moved: { entries: number; amount: bigint }): void {
    this.counts[place] = (this.counts[place] ?? 0) + moved.entries;
    this.currencies[place] ??= currency;
    if (this.currencies[place] === currency) {
      this.amounts[place] = (this.amounts[place] ?? NOTHING) + moved.amount;
      return;
    }
    const key = `${place} ${currency}`;
    this.others.set(key, (this.others.get(key) ?? NOTHING) + moved.amount);
  }

  private unbalancedInOthers(): ReadonlySet<number> {
    const places = new Set<number>();
    for (const [key, amount] of this.others) {
      if (amount !== NOTHING) places.add(Number.parseInt(key, 10));
    }
    return places;
  }

  private faultOf(
    fact: SliceFact,
    place: number,
    unbalanced: ReadonlySet<number>,
  ): FactFaultName | undefined {
    // The parts in other buckets are judged with their home.
    if (fact.legs === undefined) return undefined;
    if (fact.isTransaction && (this.counts[place] ?? 0) < ENTRIES_PER_TRANSACTION_MIN) return 'empty';
    const isZero = this.amounts[place] === NOTHING && !unbalanced.has(place);
    return isZero ? undefined : 'unbalanced';
  }

  private beyond(): Finding[] {
    const { bucket, through, head, lastFact } = this.slice;
    if (through !== head || lastFact <= head) return [];
    const reason = factFaultReason('beyond', { bucket, sequence: lastFact, transactionId: '' });
    return [{ bucket, accountId: '', sequence: 0n, entryId: '', factSequence: lastFact, reason }];
  }

  private findingOf(place: number, fault: FactFaultName, fact: SliceFact | undefined): Finding {
    const { bucket, after } = this.slice;
    const factSequence = after + BigInt(place) + 1n;
    const first = this.firsts[place];
    const transactionId = fact?.transactionId ?? '';
    return {
      bucket,
      accountId: first?.accountId ?? '',
      sequence: first?.sequence ?? 0n,
      entryId: first === undefined || 'unprovable' in first ? '' : first.entryId,
      factSequence,
      reason: factFaultReason(fault, { bucket, sequence: factSequence, transactionId }),
    };
  }
}
