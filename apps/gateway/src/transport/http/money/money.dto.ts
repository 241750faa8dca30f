import { isTransactionType } from '@steelyard/domain/posting';
import { particulars } from '@steelyard/rest/movements';
import { accountId, amount, name, positiveAmount, reason } from '@steelyard/rest/requests';
import {
  accountIdText,
  currencyCode,
  instantText,
  minor,
  minorOrText,
  named,
  transactionIdText,
  validationReply,
} from '@steelyard/rest/schemas';
import { z } from 'zod';

export const CHANGE_TYPES = ['deposit', 'withdrawal', 'wager', 'settlement', 'adjustment', 'system'] as const;

export const changeBody = named(
  'ChangeRequest',
  z.strictObject({
    amount: amount('amount').describe('Signed'),
    changeType: z.enum(CHANGE_TYPES),
    ...particulars,
    reason,
  }),
  { amount: -150, changeType: 'wager', reason: 'Bet 4711' },
);

const transferType = z
  .string()
  .refine(isTransactionType, 'must be the name of a transaction type')
  .meta({ examples: ['TRANSFER'] });

export const transferBody = named(
  'TransferRequest',
  z.strictObject({
    from: accountId('from'),
    to: accountId('to'),
    amount: positiveAmount('amount').describe("Minor units of the paying account's currency"),
    type: transferType.optional(),
    rate: z
      .string()
      .regex(/^[0-9]{1,18}(?:\.[0-9]{1,18})?$/, 'must be a decimal such as "24.5371"')
      .optional()
      .describe('Whole units of the receiving currency for one of the paying one; only between currencies'),
    ...particulars,
  }),
  { from: 'alice', to: 'bob', amount: 250, reason: 'Shared dinner' },
);

export const reverseBody = named(
  'ReverseRequest',
  z.strictObject({
    reason,
    amount: positiveAmount('amount').optional().describe('Absent: all that has not been reversed yet'),
    performedBy: name.optional(),
    agentId: name.optional(),
  }),
  { reason: 'Booked twice' },
);

export const changeReply = named(
  'Change',
  z.object({
    success: z.literal(true),
    newBalance: minor,
    validation: validationReply,
    event: z.object({
      transactionId: transactionIdText,
      accountId: accountIdText,
      type: z.string(),
      changeType: z.enum(CHANGE_TYPES),
      amount: minor.describe('Signed'),
      balanceBefore: minorOrText,
      balanceAfter: minorOrText,
      currency: currencyCode,
      reason: z.string(),
      metadata: z.record(z.string(), z.unknown()),
      createdAt: instantText,
    }),
  }),
);
