import type { Account } from '../accounts/index.js';
import { potText, type AccountRef, type Books, type PotRef } from './books.js';
import type { CoreSettings } from './core-settings.js';
import { Currencies } from './currencies.js';
import type { FactKey } from './ids.js';
import type { PreparedCommand } from './prepared-command.js';
import { requiredAccounts } from './required-accounts.js';

/** State that must be in the books before commands can be decided. */
export interface Requirements {
  readonly accounts: AccountRef[];
  readonly reversals: FactKey[];
  readonly reservations: FactKey[];
  readonly pots: PotRef[];
  /** Accounts whose due reservations are wanted. */
  readonly due: AccountRef[];
}

/** By what commands are decided: the settings, and the batch's clock. */
export interface RequirementContext {
  readonly settings: CoreSettings;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: number;
}

/**
 * What the books lack to decide these commands together. A system account is known only when the currency of the
 * account is, and what is due on an account only when the account is: after loading, ask again until nothing is
 * missing, three times at most. May name a row twice.
 */
export function missingFor(
  commands: readonly PreparedCommand[],
  books: Books,
  { settings, nowMs }: RequirementContext,
): Requirements {
  const missing: Requirements = { accounts: [], reversals: [], reservations: [], pots: [], due: [] };
  const currencies = new Currencies(commands, settings, books);
  for (const prepared of commands) {
    for (const ref of requiredAccounts(prepared, settings, currencies)) {
      const known = books.find(ref.bucket);
      const account = known?.accounts.get(ref.accountId);
      if (account === undefined) missing.accounts.push(ref);
      else if (isDueBy(account, nowMs) && !known?.due.has(ref.accountId)) missing.due.push(ref);
    }
    addOwnState(prepared, books, missing);
  }
  return missing;
}

/** True when a hold of the account may have ended by the clock. */
export function isDueBy(account: Account | null, nowMs: number): account is Account {
  return account !== null && account.nextExpiryAtMs !== null && account.nextExpiryAtMs <= nowMs;
}

/** State besides accounts. */
function addOwnState(
  { command, homeBucket: bucket }: PreparedCommand,
  books: Books,
  missing: Requirements,
): void {
  switch (command.kind) {
    case 'reverse': {
      const { key } = command.original;
      if (books.find(key.bucket)?.reversals.get(key.sequence) === undefined) missing.reversals.push(key);
      return;
    }
    case 'commit-reservation':
    case 'release-reservation':
    case 'extend-reservation': {
      const { sequence } = command.reservation;
      const known = books.find(bucket)?.reservations.get(sequence);
      if (known === undefined) missing.reservations.push({ bucket, sequence });
      return;
    }
    case 'contribute':
    case 'return-contribution':
    case 'settle-pot':
    case 'cancel-pot': {
      const { tableId, handId } = command;
      const known = books.find(bucket)?.pots.get(potText(command));
      if (known === undefined) missing.pots.push({ bucket, tableId, handId });
      return;
    }
    default:
  }
}
