import { cursor } from '@steelyard/rest/requests';
import { instantText, minorOrText, named, nextCursor } from '@steelyard/rest/schemas';
import { z } from 'zod';

const VERIFY_LIMIT_MAX = 1_000;
const VERIFY_LIMIT_DEFAULT = 500;

export const verifyWalkBody = named(
  'VerifyRequest',
  z.strictObject({
    cursor: cursor.optional(),
    limit: z
      .int()
      .min(1)
      .max(VERIFY_LIMIT_MAX)
      .default(VERIFY_LIMIT_DEFAULT)
      .describe('At most this many accounts in this call'),
  }),
  { limit: 500 },
);

/** Of operations that take as long as a chain is. */
export const LONG_CHECK =
  'Takes as long as the chain is, a second for some ten thousand entries, and ends when the connection is closed; a ' +
  'proxy between may close one that is silent for long. 429 when too many check at once.';

export const verifyStepBody = named(
  'VerifyAccountRequest',
  z.strictObject({
    cursor: cursor.optional().describe('nextCursor of the step before; absent: from the beginning'),
  }),
  {},
);

const firstInvalidEntry = z.object({ sequence: minorOrText, entryId: z.string() });

export const verificationReply = named(
  'AccountVerification',
  z.object({
    accountId: z.string(),
    valid: z.boolean(),
    entriesChecked: minorOrText,
    firstInvalidEntry: firstInvalidEntry.optional(),
    reason: z.string().optional(),
  }),
);

export const verifyStepReply = named(
  'AccountVerificationStep',
  z.object({
    accountId: z.string(),
    valid: z.boolean().nullable().describe('null while there is more to check'),
    entriesChecked: minorOrText.describe('So far, by all steps together'),
    entries: minorOrText.describe('That the account has now'),
    firstInvalidEntry: firstInvalidEntry.optional(),
    reason: z.string().optional(),
    nextCursor: nextCursor.describe('Opaque; null when everything is checked'),
  }),
);

export const verifyWalkReply = named(
  'LedgerVerification',
  z.object({
    valid: z.boolean().describe('Of the accounts that this call checked'),
    accountsChecked: z.int(),
    entriesChecked: minorOrText,
    failures: z.array(verificationReply),
    nextCursor: nextCursor.describe('Opaque; null when every account was checked'),
  }),
);

export const ledgerStatusReply = named(
  'LedgerStatus',
  z.object({
    accounts: minorOrText,
    entries: minorOrText,
    sums: z
      .array(z.object({ currency: z.string(), sumOfEntries: minorOrText }))
      .describe('Zero is the only right sum'),
    verifiedUpTo: instantText.nullable().describe('When the last complete walk over all accounts began'),
    walkAccountsChecked: minorOrText.describe('Accounts that the walk in progress has verified'),
    invalidAccounts: minorOrText.describe('Accounts with an open incident'),
    driftedAccounts: minorOrText.describe('Accounts whose stored balance differs from their entries'),
    newFactsVerifiedUpTo: instantText
      .nullable()
      .describe('Everything committed at or before it is verified; null before the first'),
    factsUnverified: minorOrText.describe('Committed facts that are not verified yet'),
    openIncidents: minorOrText,
    checkpoint: z.object({ treeSize: z.int(), sealedAt: instantText }).nullable().describe('The last one'),
    sealsVerifiedUpTo: instantText.nullable().describe('When the last complete walk over all seals began'),
  }),
);
