import {
  accountId,
  amountFromZero,
  chosenName,
  currency,
  positiveAmount,
  reason,
  refuseIn,
} from '@steelyard/rest/requests';
import {
  accountIdText,
  currencyCode,
  instantText,
  minor,
  named,
  transactionIdText,
} from '@steelyard/rest/schemas';
import { z } from 'zod';

/** What the wire carries. */
const SEAT_ID_MAX = 2_147_483_647;
/** As many seats as a pot has. */
const SEATS_MAX = 100;
const RANK_MAX = 1_000;
const FOLDED_LENGTH_MAX = 1_200;
const CONTRIBUTION_TYPES = ['BLIND', 'ANTE', 'BET', 'CALL', 'RAISE'] as const;
const POT_STATUSES = ['ACTIVE', 'SETTLED', 'CANCELLED'] as const;
const ESCROW_POLICIES = ['strict', 'observe'] as const;

const seatId = z.int().min(0).max(SEAT_ID_MAX);

export const contributionBody = named(
  'ContributionRequest',
  z.strictObject({
    seatId,
    accountId: accountId('accountId'),
    amount: positiveAmount('amount'),
    type: z.enum(CONTRIBUTION_TYPES),
    currency: currency.optional().describe("Of the table; the deployment's default when absent"),
  }),
  { seatId: 1, accountId: 'alice', amount: 20, type: 'BLIND' },
);

export const returnBody = named(
  'ReturnRequest',
  z.strictObject({ seatId, amount: positiveAmount('amount') }),
  { seatId: 1, amount: 5 },
);

const winner = z.strictObject({
  seatId,
  accountId: accountId('accountId').describe('Created if it does not exist'),
  amount: amountFromZero('amount'),
});
const shownHand = z.strictObject({
  seatId,
  accountId: accountId('accountId'),
  rank: z.int().min(1).max(RANK_MAX).describe('1 is the best; equal hands have equal ranks'),
});

/** Two members of which exactly one must be there: the amounts, or the hands that decide them. */
export const settleBody = named(
  'SettleRequest',
  z
    .strictObject({
      winners: z
        .array(winner)
        .min(1)
        .max(SEATS_MAX)
        .optional()
        .describe('Scaled in proportion when they do not sum to the pot without the rake'),
      showdown: z
        .array(shownHand)
        .min(1)
        .max(SEATS_MAX)
        .optional()
        .describe('Main and side pots are computed; seats of the pot that are missing have folded'),
      rake: amountFromZero('rake').optional().describe('As the deployment is configured when absent'),
    })
    .refine((body) => (body.winners === undefined) !== (body.showdown === undefined), {
      path: ['winners'],
      error: 'either winners or showdown must be there',
    }),
  { winners: [{ seatId: 1, accountId: 'alice', amount: 20 }] },
);

export const cancelBody = named('CancelRequest', z.strictObject({ reason: reason.optional() }), {
  reason: 'Misdeal',
});

export const cashOutBody = named(
  'CashOutRequest',
  z.strictObject({
    accountId: accountId('accountId'),
    amount: positiveAmount('amount'),
    seatId: seatId.optional(),
    handId: chosenName('handId').optional().describe('The last hand that was played'),
  }),
  { accountId: 'alice', amount: 50, seatId: 1 },
);

export const tablePolicyBody = named(
  'TablePolicyRequest',
  z.strictObject({
    escrowPolicy: z
      .enum(ESCROW_POLICIES)
      .describe(
        'strict: refuse what the chips on the table do not cover. observe: let it through and mark it',
      ),
    currency: currency.optional().describe("Of the table; the deployment's default when absent"),
  }),
  { escrowPolicy: 'strict' },
);

export const tableQuery = z.strictObject({
  currency: currency.optional().describe("The deployment's default when absent"),
});

export const potQuery = z.strictObject({
  folded: z
    .string()
    .max(FOLDED_LENGTH_MAX)
    .transform((text, context): number[] => {
      if (text === '') return [];
      if (/^\d{1,9}(?:,\d{1,9})*$/.test(text))
        return text.split(',').map((digits) => Number.parseInt(digits, 10));
      return refuseIn(context, 'INVALID_REQUEST', 'must be seat ids separated by commas, or empty');
    })
    .optional()
    .meta({
      type: 'string',
      pattern: '^(?:\\d{1,9}(?:,\\d{1,9})*)?$',
      examples: ['1,2'],
      description: 'Seats that have folded. Asks for the main and side pots; empty: nobody has folded',
    }),
});

const potHead = {
  tableId: z.string(),
  handId: z.string(),
  currency: currencyCode,
  status: z.enum(POT_STATUSES),
  total: minor.describe('Contributions without what was returned'),
};

export const potChangeReply = named(
  'PotChange',
  z.object({
    ...potHead,
    seatContribution: minor.describe('Of the seat that the request named; 0 without one'),
    transactionId: transactionIdText.nullable().describe('null when no or several transactions were made'),
    rake: minor,
    payouts: z
      .array(
        z.object({
          seatId,
          accountId: accountIdText,
          amount: minor,
          transactionId: transactionIdText,
          newBalance: minor,
        }),
      )
      .describe('Of the settlement that this request made; empty when the pot was settled before'),
  }),
);

export const potReply = named(
  'Pot',
  z.object({
    ...potHead,
    rake: minor,
    seats: z.array(
      z.object({ seatId, accountId: accountIdText, contributed: minor, returned: minor, won: minor }),
    ),
    pots: z
      .array(z.object({ amount: minor, eligibleSeats: z.array(seatId) }))
      .optional()
      .describe('The main pot, then the side pots; with ?folded only'),
    createdAt: instantText,
    updatedAt: instantText,
  }),
);

export const tableReply = named(
  'Table',
  z.object({
    tableId: z.string(),
    currency: currencyCode,
    escrow: minor.describe(
      'Chips in play: bought in, not cashed out, not in a pot. Below zero only under observe',
    ),
    escrowPolicy: z.enum(ESCROW_POLICIES),
    inflation: minor.describe('Chips that were let through although the escrow did not cover them'),
  }),
);
