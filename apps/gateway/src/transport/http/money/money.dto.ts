import { isTransactionType } from '@steelyard/domain/posting';
import { z } from 'zod';
import { named } from '../schemas/named.js';
import { validationReply } from '../schemas/validation.dto.js';
import {
  accountIdText,
  currencyCode,
  instantText,
  minor,
  minorOrText,
  transactionIdText,
} from '../schemas/reply-fields.js';
import {
  accountId,
  amount,
  currency,
  instant,
  metadata,
  name,
  positiveAmount,
  reason,
} from '../validation/fields.js';

/** What every movement may carry. Who did it can be named by callers with a role or a key only. */
export const particulars = {
  reason: reason.optional(),
  metadata: metadata.optional(),
  effectiveAt: instant('effectiveAt').optional().describe('Business time; may lie in the past'),
  performedBy: name.optional(),
  agentId: name.optional(),
};

export const depositBody = named(
  'DepositRequest',
  z.strictObject({
    amount: positiveAmount('amount'),
    source: name
      .optional()
      .describe('Where the money comes from. BONUS and REFERRAL give the transaction that type'),
    currency: currency
      .optional()
      .describe('Of a new account; another than that of an existing one is refused'),
    ...particulars,
  }),
  { amount: 2500, source: 'CARD', reason: 'Top-up' },
);

export const withdrawBody = named(
  'WithdrawRequest',
  z.strictObject({ amount: positiveAmount('amount'), currency: currency.optional(), ...particulars }),
  { amount: 500, reason: 'Payout' },
);

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
