import { cursor, limit, reason } from '@steelyard/rest/requests';
import { instantText, minorOrText, named, nextCursor } from '@steelyard/rest/schemas';
import { z } from 'zod';

const ACCOUNTS_PER_CALL_MAX = 1_000;
const ACCOUNTS_PER_CALL_DEFAULT = 500;
const ACCOUNT_ID_LENGTH_MAX = 400;
const INCIDENT_TYPES = ['integrity_failure', 'drift'] as const;
const INCIDENT_STATUSES = ['open', 'resolved'] as const;

export const reconcileBody = named(
  'ReconcileRequest',
  z.strictObject({ reason: reason.describe('Written down with what is restored') }),
  { reason: 'month end' },
);

export const reconcileWalkBody = named(
  'ReconcileWalkRequest',
  z.strictObject({
    cursor: cursor.optional(),
    limit: z
      .int()
      .min(1)
      .max(ACCOUNTS_PER_CALL_MAX)
      .default(ACCOUNTS_PER_CALL_DEFAULT)
      .describe('At most this many accounts in this call'),
    repair: z.boolean().default(false).describe('false: only look'),
    reason: reason.describe('Written down with what is restored'),
  }),
  { reason: 'month end', repair: true },
);

export const incidentsQuery = z.strictObject({
  limit,
  cursor: cursor.optional(),
  type: z.enum(INCIDENT_TYPES).optional(),
  status: z.enum(INCIDENT_STATUSES).optional(),
  accountId: z.string().min(1).max(ACCOUNT_ID_LENGTH_MAX).optional(),
});

const chainValidation = z.object({
  bucket: z.int(),
  storedBalance: minorOrText.describe('What the account says'),
  lastEntryBalance: minorOrText,
  sumOfEntries: minorOrText,
  storedHeld: minorOrText,
  sumOfOpenReservations: minorOrText,
  storedSequence: minorOrText,
  lastSequence: minorOrText,
  chainValid: z.boolean().describe('Every checksum was recomputed'),
  faults: z.array(z.string()).describe('What does not agree'),
});

export const validationOfAccountReply = named(
  'AccountValidation',
  z.object({
    accountId: z.string(),
    currency: z.string(),
    valid: z.boolean(),
    chains: z.array(chainValidation).describe('One; an account of the platform has several'),
  }),
);

export const reconciledReply = named(
  'AccountReconciliation',
  z.object({
    repaired: z.boolean(),
    before: validationOfAccountReply,
    after: validationOfAccountReply,
  }),
);

export const reconcileWalkReply = named(
  'Reconciliation',
  z.object({
    accountsChecked: z.int(),
    drifted: z.array(validationOfAccountReply).describe('As they were found'),
    repaired: z.int(),
    nextCursor: nextCursor.describe('Opaque; null when every account was looked at'),
  }),
);

const driftState = z.record(z.string(), z.string());

const incident = named(
  'Incident',
  z.object({
    incidentId: z.string(),
    type: z.enum(INCIDENT_TYPES),
    status: z.enum(INCIDENT_STATUSES),
    accountId: z.string().optional(),
    bucket: z.int(),
    sequence: minorOrText.optional().describe('The first bad entry of the account, when one can be named'),
    entryId: z.string().optional(),
    reason: z.string(),
    expected: driftState.optional().describe('Of drift: what the ledger says; integers as strings of digits'),
    found: driftState.optional().describe('Of drift: what the account said'),
    foundAt: instantText,
    resolvedAt: instantText.optional(),
    resolution: z
      .string()
      .optional()
      .meta({ examples: ['repaired', 'no longer found'] }),
  }),
);

export const incidentsReply = named('Incidents', z.object({ incidents: z.array(incident), nextCursor }));
