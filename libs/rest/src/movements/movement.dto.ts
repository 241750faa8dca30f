import { z } from 'zod';
import { named } from '../schemas/named.js';
import { currency, instant, metadata, name, positiveAmount, reason } from '../requests/fields.js';

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
