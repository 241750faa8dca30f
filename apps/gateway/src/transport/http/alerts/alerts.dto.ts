import { cursor, limit } from '@steelyard/rest/requests';
import { instantText, named, nextCursor } from '@steelyard/rest/schemas';
import { z } from 'zod';

const ALERT_TYPES = ['integrity_failure', 'drift', 'inflation_detected'] as const;
const ALERT_STATUSES = ['open', 'closed'] as const;
/** System accounts, such as those of tables, have alerts too. */
const READABLE_ACCOUNT_ID = /^@?[A-Za-z0-9._:+-][A-Za-z0-9._:@+/-]{0,254}$/;

export const alertsQuery = z.strictObject({
  accountId: z.string().regex(READABLE_ACCOUNT_ID, 'must be the id of an account').optional(),
  type: z.enum(ALERT_TYPES).optional(),
  status: z.enum(ALERT_STATUSES).optional(),
  limit,
  cursor: cursor.optional(),
});

const alert = named(
  'Alert',
  z.object({
    alertId: z.string(),
    type: z.string().meta({ examples: [...ALERT_TYPES] }),
    accountId: z.string().nullable().describe('null when it is about no account'),
    level: z.string().meta({ examples: ['critical'] }),
    status: z.enum(ALERT_STATUSES),
    message: z.string(),
    detail: z.record(z.string(), z.unknown()).describe('What was expected and found, by type'),
    openedAt: instantText,
    closedAt: instantText.nullable(),
  }),
);

export const alertsReply = named(
  'Alerts',
  z.object({ alerts: z.array(alert).describe('Newest first'), nextCursor }),
);
