import { ProblemError } from '@steelyard/platform/http';
import type { z } from 'zod';
import type { SettleRequest } from '../../../application/play-table/play-hand.handler.js';
import type { settleBody } from './tables.dto.js';

/** How a request says that the pot is paid out. */
export function payoutOf({ winners, showdown }: z.output<typeof settleBody>): SettleRequest['payout'] {
  if (winners) return { $case: 'winners', value: { winners } };
  if (showdown) return { $case: 'showdown', value: { hands: showdown } };
  throw new ProblemError('INVALID_REQUEST', 'either winners or showdown must be there', { field: 'winners' });
}
