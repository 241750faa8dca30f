import type { Refusal } from '../result/index.js';
import { decideOpenAccount, decideSetAccountStatus, decideUpdateAccount } from './decide-account.js';
import { decidePosting } from './decide-posting.js';
import { decideReversal } from './decide-reversal.js';
import { decideTransfer } from './decide-transfer.js';
import type { Plan, Unchanged } from './plan.js';
import type { Situation } from './decision-context.js';

/**
 * Decides one command on the books: what it does, or why it is refused. Reads only; the batch applies the plan.
 * What the command needs ({@link missingFor}) must have been loaded.
 */
export function decide(situation: Situation): Plan | Unchanged | Refusal {
  const { command } = situation.prepared;
  switch (command.kind) {
    case 'post-to-account':
      return decidePosting(command, situation);
    case 'transfer':
      return decideTransfer(command, situation);
    case 'reverse':
      return decideReversal(command, situation);
    case 'open-account':
      return decideOpenAccount(command, situation);
    case 'update-account':
      return decideUpdateAccount(command, situation);
    case 'set-account-status':
      return decideSetAccountStatus(command, situation);
  }
}
