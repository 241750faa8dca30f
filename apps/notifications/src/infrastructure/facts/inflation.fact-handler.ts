import { tableIdOf } from '@steelyard/domain/accounts';
import { canonicalJson, isJsonObject } from '@steelyard/domain/ledger-chain';
import { isTransactionType } from '@steelyard/domain/posting';
import type { AfterCommit, Fact, FactHandler, FactTransaction } from '@steelyard/facts/inbox';
import type { AlertReport } from '../../application/alerts/alert.js';
import type { AlertObserver } from '../../application/alerts/alert-store.port.js';
import { writeReports } from '../postgres/alert-writer.js';

/** Raises an alert for each transaction that let out chips which the escrow of its table did not cover. */
export class InflationFactHandler implements FactHandler {
  readonly name = 'inflation-alerts';
  readonly takesManyBuckets = true;

  constructor(
    private readonly observer: AlertObserver,
    private readonly now: () => number = Date.now,
  ) {}

  async apply(transaction: FactTransaction, facts: readonly Fact[], afterCommit: AfterCommit): Promise<void> {
    const reports = facts.flatMap((fact) => inflationIn(fact) ?? []);
    if (reports.length === 0) return;
    const changes = await writeReports(transaction, reports, BigInt(this.now()));
    for (const change of changes) afterCommit(() => this.observer.changed(change));
  }
}

/** Of the part of the transaction that holds the table's entry: the others say the same of it. */
function inflationIn(fact: Fact): AlertReport | undefined {
  // Parsing every fact's JSON would cost more than all else here.
  if (!isTransactionType(fact.kind) || !fact.dataJson.includes('"inflation"')) return undefined;
  const metadata: unknown = JSON.parse(fact.dataJson);
  if (!isJsonObject(metadata)) return undefined;
  const { inflation, tableId, handId } = metadata;
  if (typeof inflation !== 'string') return undefined;
  const entry = fact.entries.find(({ accountId, amount }) => amount < 0n && tableIdOf(accountId) === tableId);
  if (entry === undefined) return undefined;
  const { accountId, currency } = entry;
  return {
    occurrenceId: `inflation:${fact.factId}`,
    type: 'inflation_detected',
    accountId,
    message: 'chips left a table that its escrow did not cover',
    detailJson: canonicalJson({
      ...(tableId === undefined ? {} : { tableId }),
      ...(handId === undefined ? {} : { handId }),
      currency,
      chips: inflation,
      transactionId: fact.factId,
      transactionType: fact.kind,
      escrow: entry.balanceAfter.toString(),
    }),
    occurredAtMs: fact.committedAtMs,
    isResolved: false,
  };
}
