import type { Refusal } from '../result/index.js';
import { decideOpenAccount, decideSetAccountStatus, decideUpdateAccount } from './decide-account.js';
import { decideCancellation, decideContribution, decideReturn } from './decide-pot.js';
import { decidePosting } from './decide-posting.js';
import {
  decideCommit,
  decideExpiry,
  decideExtension,
  decideRelease,
  decideReserve,
} from './decide-reservation.js';
import { decideReversal } from './decide-reversal.js';
import { decideSettlement } from './decide-settlement.js';
import { decideCashOut, decideTablePolicy } from './decide-table.js';
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
    case 'reserve':
      return decideReserve(command, situation);
    case 'commit-reservation':
      return decideCommit(command, situation);
    case 'release-reservation':
      return decideRelease(command, situation);
    case 'extend-reservation':
      return decideExtension(command, situation);
    case 'expire-reservations':
      return decideExpiry(command, situation);
    case 'cash-out':
      return decideCashOut(command, situation);
    case 'set-table-policy':
      return decideTablePolicy(command, situation);
    case 'contribute':
      return decideContribution(command, situation);
    case 'return-contribution':
      return decideReturn(command, situation);
    case 'settle-pot':
      return decideSettlement(command, situation);
    case 'cancel-pot':
      return decideCancellation(command, situation);
  }
}
