import { isTransactionType } from '@steelyard/domain/posting';
import { z } from 'zod';
import { accountTransactionReply } from '../money/transaction.dto.js';
import { named } from '../schemas/named.js';
import { nextCursor } from '../schemas/reply-fields.js';
import { digits, instant } from '../validation/fields.js';
import { refuseIn } from '../validation/refine.js';

export const LIST_LIMIT_DEFAULT = 50;
const LIST_LIMIT_MAX = 500;
/** Skipped rows are read all the same: a cursor is the way to walk a long list. */
const OFFSET_MAX = 10_000;
const CURSOR_LENGTH_MAX = 1_024;

/** A cursor's form; whether it is one of this list is decided by whoever made it. */
export const cursor = z
  .string()
  .transform((text, context): string =>
    text.length <= CURSOR_LENGTH_MAX && /^[A-Za-z0-9_=-]+$/.test(text)
      ? text
      : refuseIn(context, 'INVALID_CURSOR', 'cursor is none that this list returned'),
  )
  .meta({ type: 'string', description: 'nextCursor of the page before' });

export const limit = digits(1, LIST_LIMIT_MAX)
  .default(LIST_LIMIT_DEFAULT)
  .describe(`${LIST_LIMIT_DEFAULT} when absent`);

export const period = {
  from: instant('from').optional().describe('First instant, by commit time'),
  to: instant('to').optional().describe('Last instant, by commit time'),
};

export const transactionsQuery = z
  .strictObject({
    limit,
    cursor: cursor.optional(),
    offset: digits(0, OFFSET_MAX).optional().describe('Skips this many; instead of a cursor'),
    type: z.string().refine(isTransactionType, 'must be the name of a transaction type').optional(),
    ...period,
  })
  .refine((query) => query.cursor === undefined || query.offset === undefined, {
    path: ['offset'],
    error: 'offset and cursor exclude each other',
  });

export const transactionsReply = named(
  'AccountTransactions',
  z.object({
    transactions: z.array(accountTransactionReply).describe('Newest first'),
    total: z.int(),
    limit: z.int(),
    offset: z.int(),
    nextCursor,
  }),
);
