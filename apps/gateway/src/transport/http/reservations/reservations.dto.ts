import {
  accountId,
  chosenName,
  cursor,
  limit,
  metadata,
  name,
  positiveAmount,
  reason,
} from '@steelyard/rest/requests';
import {
  accountIdText,
  currencyCode,
  instantText,
  minor,
  named,
  nextCursor,
  ownMetadata,
  transactionIdText,
} from '@steelyard/rest/schemas';
import { z } from 'zod';

const STATUSES = ['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED'] as const;
/** Longer than a day nothing is held. */
const TIMEOUT_SECONDS_MAX = 86_400;

const timeoutSeconds = z.int().min(1).max(TIMEOUT_SECONDS_MAX);

export const reserveBody = named(
  'ReserveRequest',
  z
    .strictObject({
      amount: positiveAmount('amount'),
      timeoutSeconds: timeoutSeconds
        .optional()
        .describe('How long; as the deployment is configured when absent'),
      to: accountId('to').optional().describe('A commit transfers to this account'),
      tableId: chosenName('tableId').optional().describe('A commit buys in at this table'),
      reference: name.optional().describe('Your own name for it'),
      reason: reason.optional(),
      metadata: metadata.optional(),
    })
    .refine((body) => body.to === undefined || body.tableId === undefined, {
      path: ['tableId'],
      error: 'tableId and to exclude each other',
    }),
  { amount: 200, tableId: 'table-7', reference: 'buy-in' },
);

export const commitBody = named(
  'CommitRequest',
  z.strictObject({
    amount: positiveAmount('amount').optional().describe('All of it when absent; the rest is released'),
  }),
  { amount: 150 },
);

export const releaseBody = named('ReleaseRequest', z.strictObject({ reason: reason.optional() }), {
  reason: 'The seat was taken',
});

export const extendBody = named('ExtendRequest', z.strictObject({ timeoutSeconds }), { timeoutSeconds: 60 });

export const reservationsQuery = z.strictObject({
  status: z.enum(STATUSES).optional().describe('Every status when absent'),
  limit,
  cursor: cursor.optional(),
});

export const reservationReply = named(
  'Reservation',
  z.object({
    reservationId: transactionIdText,
    accountId: accountIdText,
    currency: currencyCode,
    status: z.enum(STATUSES),
    amount: minor.describe('What was held'),
    captured: minor.describe('What the commit moved; the rest was released'),
    toAccountId: accountIdText.nullable().describe('Where a commit transfers to'),
    tableId: z.string().nullable().describe('Where a commit buys in. Neither: it withdraws'),
    reference: z.string().nullable(),
    metadata: ownMetadata,
    createdAt: instantText,
    expiresAt: instantText,
    resolvedAt: instantText.nullable().describe('null while it is held'),
    transactionId: transactionIdText.nullable().describe('Of the commit'),
    balanceAfter: minor.describe("The account's, right after the last step of the reservation"),
    availableBalance: minor.describe("The account's, right after the last step of the reservation"),
  }),
);

export const reservationsReply = named(
  'Reservations',
  z.object({ reservations: z.array(reservationReply).describe('Newest first'), nextCursor }),
);
