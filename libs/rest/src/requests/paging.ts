import { z } from 'zod';
import { digits, instant } from './fields.js';
import { refuseIn } from './refine.js';

const LIST_LIMIT_DEFAULT = 50;
const LIST_LIMIT_MAX = 500;
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

/** How many a page may have. */
export const limit = digits(1, LIST_LIMIT_MAX)
  .default(LIST_LIMIT_DEFAULT)
  .describe(`${LIST_LIMIT_DEFAULT} when absent`);

/** From when to when, both ends included. */
export const period = {
  from: instant('from').optional().describe('First instant, by commit time'),
  to: instant('to').optional().describe('Last instant, by commit time'),
};
