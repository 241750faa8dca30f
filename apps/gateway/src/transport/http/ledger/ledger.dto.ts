import { z } from 'zod';
import { named } from '../schemas/named.js';
import {
  instantText,
  minorOrText,
  nextCursor,
  ownMetadata,
  transactionIdText,
} from '../schemas/reply-fields.js';
import { cursor, limit, period } from '../transactions/transactions.dto.js';

const VERIFY_LIMIT_MAX = 1_000;
const VERIFY_LIMIT_DEFAULT = 500;

export const entriesQuery = z.strictObject({ limit, cursor: cursor.optional(), ...period });

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

/** Members in the order of the checksum's text; no others, ever. */
const ledgerEntry = named(
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
    invalidAccounts: minorOrText,
    driftedAccounts: minorOrText.describe('Accounts whose stored balance differs from their entries'),
  }),
);
