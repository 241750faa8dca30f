import { ChainAudit } from './chain-audit.js';
import type { ChainVerdict } from './finding.js';
import type { AccountEnd, AuditedEntry, ChainEnds } from './verification-reads.port.js';

/** Proves the chains of a page of accounts from one stream of their entries in key order. */
export class PageAudit {
  readonly verdicts: ChainVerdict[] = [];
  /** First entries of accounts that are not among the page's: they have none, or it was opened since. */
  readonly strays: AuditedEntry[] = [];
  private readonly pending: ChainAudit[];
  private finishedEntries = 0n;

  /** `proven` is how far an earlier audit came with the first account of the page. */
  constructor(page: readonly ChainEnds[], proven?: AccountEnd) {
    this.pending = page.map((ends, index) => new ChainAudit(ends, index === 0 ? proven : undefined));
    // Taken from the end: an array gives up its last element without moving the others.
    this.pending.reverse();
  }

  /** The chain that waits for its next entry. */
  private get current(): ChainAudit | undefined {
    return this.pending.at(-1);
  }

  get entriesChecked(): bigint {
    return this.finishedEntries + (this.current?.entriesChecked ?? 0n);
  }

  next(entry: AuditedEntry): void {
    this.finishBefore(entry.accountId);
    const { current } = this;
    if (current?.ends.accountId === entry.accountId) current.next(entry);
    else if (this.strays.at(-1)?.accountId !== entry.accountId) this.strays.push(entry);
  }

  /** How far this account's chain is proven; undefined when it is not the one in progress. */
  provenOf(accountId: string): AccountEnd | undefined {
    return this.current?.ends.accountId === accountId ? this.current.proven : undefined;
  }

  /** Gives the verdict on the chain in progress when it is known already: the rest of it need not be read. */
  finishFaulty(): void {
    if (this.current?.isFaulty === true) this.finishCurrent();
  }

  /** There are no more entries: every chain gets its verdict. */
  finish(): void {
    while (this.current !== undefined) this.finishCurrent();
  }

  private finishBefore(accountId: string): void {
    while (this.current !== undefined && this.current.ends.accountId < accountId) this.finishCurrent();
  }

  private finishCurrent(): void {
    const finished = this.pending.pop();
    if (finished === undefined) return;
    this.finishedEntries += finished.entriesChecked;
    this.verdicts.push(finished.finish());
  }
}
