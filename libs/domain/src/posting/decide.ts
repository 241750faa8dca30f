import type { Refusal } from '../result/index.js';
import type { Books } from './books.js';
import { decideOpenAccount, decideSetAccountStatus, decideUpdateAccount } from './decide-account.js';
import { decidePosting } from './decide-posting.js';
import { decideReversal } from './decide-reversal.js';
import { decideTransfer } from './decide-transfer.js';
import type { Plan, Unchanged } from './plan.js';
import type { PreparedCommand } from './prepared-command.js';
import type { DecisionContext } from './decision-context.js';

/**
 * Decides one command on the books: what it does, or why it is refused. Reads only; the batch applies the plan.
 * What the command needs ({@link missingFor}) must have been loaded.
 */
export function decide(
  prepared: PreparedCommand,
  books: Books,
  context: DecisionContext,
): Plan | Unchanged | Refusal {
  const { command } = prepared;
  switch (command.kind) {
    case 'post-to-account':
      return decidePosting(command, prepared, books, context);
    case 'transfer':
      return decideTransfer(command, prepared, books, context);
    case 'reverse':
      return decideReversal(command, books);
    case 'open-account':
      return decideOpenAccount(command, prepared, books, context);
    case 'update-account':
      return decideUpdateAccount(command, prepared, books, context);
    case 'set-account-status':
      return decideSetAccountStatus(command, prepared, books, context);
  }
}
