import { z } from 'zod';
import { named } from '../schemas/named.js';
import {
  accountIdText,
  currencyCode,
  instantText,
  minor,
  minorOrText,
  ownMetadata,
  transactionIdText,
} from '../schemas/reply-fields.js';

const moved = {
  transactionId: transactionIdText,
  type: z.string().meta({ examples: ['DEPOSIT'] }),
  amount: minor.describe('What was moved; always positive'),
  balanceBefore: minorOrText,
  balanceAfter: minorOrText,
  status: z.literal('COMPLETED'),
  createdAt: instantText,
  completedAt: instantText,
  currency: currencyCode,
  accountId: accountIdText,
};

/** A deposit or a withdrawal. */
export const movementReply = named('Movement', z.object(moved));

const side = z.object({
  accountId: accountIdText,
  currency: currencyCode,
  amount: minor.describe('Signed'),
  balanceBefore: minorOrText.optional().describe('Only for whom the account may be seen by'),
  balanceAfter: minorOrText.optional().describe('Only for whom the account may be seen by'),
});

/** A transfer with both sides. */
export const transferReply = named('Transfer', z.object({ ...moved, from: side, to: side }));

const entry = named(
  'TransactionEntry',
  z.object({
    entryId: z.string(),
    accountId: accountIdText,
    currency: currencyCode,
    amount: minor.describe('Signed'),
    balanceBefore: minorOrText.optional().describe('Only for whom the account may be seen by'),
    balanceAfter: minorOrText.optional().describe('Only for whom the account may be seen by'),
    sequence: minorOrText.optional().describe('Place in the chain of the account'),
  }),
);

/** A transaction with its entries. */
export const transactionReply = named(
  'Transaction',
  z.object({
    transactionId: transactionIdText,
    type: z.string(),
    amount: minor.describe('What was moved, in the currency of the first entry; always positive'),
    status: z.literal('COMPLETED'),
    createdAt: instantText,
    completedAt: instantText,
    currency: currencyCode,
    entries: z.array(entry),
    metadata: ownMetadata,
  }),
);

/** A transaction as one of its accounts sees it. */
export const accountTransactionReply = named(
  'AccountTransaction',
  z.object({ ...moved, metadata: ownMetadata }).extend({
    entryAmount: minor.describe('Signed: what the account gained or lost'),
  }),
);
