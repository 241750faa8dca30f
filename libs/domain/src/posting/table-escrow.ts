import { refuseOutOfBounds, type Account } from '../accounts/index.js';
import { refuse, type Refusal } from '../result/index.js';
import { escrowPolicyOf, inflationOf, tableMetadataJson } from '../tables/index.js';

/** Chips that may leave a table, and what has to be remembered when there were not enough. */
export interface EscrowGrant {
  /** How many of them the table did not have: they come into being now. Zero when it had them all. */
  readonly inflation: bigint;
  /** Of the table's account afterwards, when chips came into being. */
  readonly metadataJson?: string;
}

/**
 * Takes `amount` minor units from a table. A strict table refuses more than it has with INSUFFICIENT_ESCROW; an
 * observed one lets it through. Counted is how far it goes below the deepest point it had reached: buy-ins that
 * filled the hole meanwhile may leave again without being counted twice.
 */
export function takeFromTable(table: Account, amount: bigint): EscrowGrant | Refusal {
  const balance = table.balance - amount;
  if (balance < 0n && escrowPolicyOf(table) === 'strict') {
    const message = `the table has ${table.balance} in play, ${amount} cannot leave it`;
    return refuse('INSUFFICIENT_ESCROW', message, 'amount');
  }
  const outOfRange = refuseOutOfBounds(table, -amount, true);
  if (outOfRange) return outOfRange;
  const known = inflationOf(table);
  if (-balance <= known) return { inflation: 0n };
  return { inflation: -balance - known, metadataJson: tableMetadataJson(-balance) };
}
