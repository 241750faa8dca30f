import { isTransactionType } from '@steelyard/domain/posting';
import { z } from 'zod';
import { digits } from '../requests/fields.js';
import { cursor, limit, period } from '../requests/paging.js';
import { named } from '../schemas/named.js';
import {
  instantText,
  minorOrText,
  nextCursor,
  ownMetadata,
  transactionIdText,
} from '../schemas/reply-fields.js';
import { accountTransactionReply } from '../transactions/transaction.dto.js';

/** Skipped rows are read all the same: a cursor is the way to walk a long list. */
const OFFSET_MAX = 10_000;

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

export const entriesQuery = z.strictObject({ limit, cursor: cursor.optional(), ...period });

/** Members in the order of the checksum's text; no others, ever. */
export const ledgerEntry = named(
  'LedgerEntry',
  z.strictObject({
    entryId: z.string(),
    transactionId: transactionIdText,
    accountId: z.string(),
    type: z.string(),
    amount: minorOrText.describe('Signed'),
    balanceBefore: minorOrText,
    balanceAfter: minorOrText,
    metadata: ownMetadata,
    timestamp: instantText,
    previousChecksum: z.string(),
    checksum: z.string().describe('SHA-256 over the compact JSON of the members before it, in this order'),
  }),
);

export const entriesReply = named(
  'LedgerEntries',
  z.object({
    entries: z.array(ledgerEntry).describe('Newest first'),
    total: z.int(),
    latestChecksum: z.string(),
    nextCursor,
  }),
);
