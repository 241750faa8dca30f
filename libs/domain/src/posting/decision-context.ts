import type { CurrencyTable } from '../money/index.js';
import type { Books } from './books.js';
import type { CoreSettings } from './core-settings.js';
import type { PreparedCommand } from './prepared-command.js';

/** All that a decision may know besides the command and the books. */
export interface DecisionContext {
  readonly settings: CoreSettings;
  readonly currencies: CurrencyTable;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: number;
  /** Of this attempt to write, and of no other by whatever process. */
  readonly writeId: bigint;
}

/** What one command is decided on. */
export interface Situation {
  readonly prepared: PreparedCommand;
  readonly books: Books;
  readonly context: DecisionContext;
}
