import { accountId, cursor, digits, limit, name, period, reason } from '@steelyard/rest/requests';
import { instantText, minor, minorOrText, named, nextCursor } from '@steelyard/rest/schemas';
import { z } from 'zod';

/** A year; what is older is asked for by from and to. */
const HOURS_MAX = 8_784;
const SUBJECT_LENGTH_MAX = 255;

export const changesQuery = z
  .strictObject({
    hours: digits(1, HOURS_MAX).optional().describe('The last so many; 24 without a period'),
    accountId: accountId('accountId').optional(),
    agentId: name.optional(),
    ...period,
    limit,
    cursor: cursor.optional(),
  })
  .refine((query) => query.hours === undefined || query.from === undefined, {
    path: ['hours'],
    error: 'hours and from exclude each other',
  });

export const accountRecordsQuery = z.strictObject({ ...period, limit, cursor: cursor.optional() });

const auditRecord = named(
  'AuditRecord',
  z
    .object({
      recordId: z.string(),
      at: instantText,
      action: z.string().meta({ examples: ['BALANCE_CHANGED', 'ACCOUNT_UPDATED', 'ACCOUNT_READ'] }),
      accountId: z.string().optional(),
      agentId: z.string().optional(),
      transactionId: z.string().optional(),
      entryId: z.string().optional(),
      performedBy: z.string().optional(),
      role: z.string().optional(),
      apiKeyId: z.string().optional(),
      correlationId: z.string().optional(),
      reason: z.string().optional(),
      entryChecksum: z.string().optional(),
      currency: z.string().optional(),
      amount: minor.optional().describe('Signed'),
      balanceBefore: minorOrText.optional(),
      balanceAfter: minorOrText.optional(),
      detail: z.record(z.string(), z.unknown()).optional(),
      personalDigest: z.string().optional().describe('Salted digest of the personal data'),
      previousChecksum: z.string(),
      checksum: z
        .string()
        .describe('SHA-256 over the compact JSON of the members before it, in the order in which they come'),
      bucket: z.int(),
      sequence: z.int(),
      personal: z.record(z.string(), z.unknown()).optional().describe('Address and user agent'),
      personalErased: z.literal(true).optional(),
    })
    .describe('Members that say nothing are left out'),
);

export const auditRecordsReply = named(
  'AuditRecords',
  z.object({ records: z.array(auditRecord).describe('Newest first'), nextCursor }),
);

export const erasureBody = named(
  'ErasureRequest',
  z.strictObject({
    subject: z.string().min(1).max(SUBJECT_LENGTH_MAX).describe('performedBy or accountId of the records'),
    reason,
  }),
  { subject: 'alice', reason: 'request of 2026-11-21' },
);

export const erasureReply = named(
  'Erasure',
  z.object({ erased: minorOrText.describe('Records whose personal data are gone now') }),
);

export const verifyTrailBody = named(
  'VerifyAuditTrailRequest',
  z.strictObject({ cursor: cursor.optional() }),
  {},
);

export const verifyTrailReply = named(
  'AuditTrailVerification',
  z.object({
    valid: z.boolean().describe('Of the records that this call checked'),
    recordsChecked: minorOrText,
    faults: z
      .array(z.object({ bucket: z.int(), sequence: minorOrText, reason: z.string() }))
      .describe('The first bad record of each chain'),
    nextCursor: nextCursor.describe('Opaque; null when every record was checked'),
  }),
);
