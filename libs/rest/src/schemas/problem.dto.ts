import { ERROR_TABLE } from '@steelyard/contracts/errors';
import { z } from 'zod';
import { named } from './named.js';
import { validationReply } from './validation.dto.js';

/** Every error, over all routes. */
export const problemReply = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    error: z.string().meta({ description: 'Stable code', examples: Object.keys(ERROR_TABLE) }),
    message: z.string(),
    retryable: z.boolean().describe('True: the same request may succeed later without being changed'),
    field: z.string().optional().describe('The request member at fault'),
    correlationId: z.string(),
    validation: validationReply.optional().describe('With a refused change of a balance'),
  }),
);
