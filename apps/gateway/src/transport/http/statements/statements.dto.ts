import { ledgerEntry } from '@steelyard/rest/history';
import { instant } from '@steelyard/rest/requests';
import { accountIdText, currencyCode, instantText, minorOrText, named } from '@steelyard/rest/schemas';
import { z } from 'zod';
import { proofReply } from '../ledger/proofs.dto.js';

export const statementQuery = z.strictObject({
  from: instant('from').optional().describe('First instant, by commit time; 1970-01-01 when absent'),
  to: instant('to').optional().describe('The instant behind the last one; now when absent'),
  format: z
    .enum(['json', 'ndjson'])
    .default('json')
    .describe('ndjson: one object a line; the first has what is before the entries, the last what is behind'),
});

const boundary = z.object({
  balance: minorOrText,
  sequence: z.int().describe('Of the last entry before it; 0 when there is none'),
  checksum: z.string().describe('Of that entry; GENESIS when there is none'),
});

export const statementReply = named(
  'Statement',
  z.object({
    format: z.literal('steelyard.statement.1'),
    accountId: accountIdText,
    currency: currencyCode,
    from: instantText,
    to: instantText,
    opening: boundary,
    closing: boundary,
    entries: z
      .array(ledgerEntry)
      .describe('Oldest first: their checksums lead from the opening to the closing one'),
    provenEntryId: z
      .string()
      .nullable()
      .describe('The newest sealed entry of the period; null when none is sealed'),
    proof: proofReply.nullable().describe('Of that entry'),
  }),
);
