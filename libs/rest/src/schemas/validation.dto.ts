import { z } from 'zod';
import { named } from './named.js';
import { minor } from './reply-fields.js';

/** Whether a change can be posted, and why not. */
export const validationReply = named(
  'Validation',
  z.object({
    isValid: z.boolean(),
    errors: z.array(z.string()),
    warnings: z.array(z.string()),
    reasons: z.array(
      z.object({
        code: z.string(),
        severity: z.enum(['error', 'warning']),
        message: z.string(),
        field: z.string().optional(),
      }),
    ),
    balanceBefore: minor.optional(),
    balanceAfter: minor.optional(),
  }),
);
