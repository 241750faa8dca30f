import { z } from 'zod';

const EXAMPLE_ID = '0192a7c4-1f00-7003-8000-000000000100';

/** An amount or balance of one account. */
export const minor = z.int().describe('Integer minor units');

/** An amount that may be a sum over system accounts. */
export const minorOrText = z
  .union([z.int(), z.string().regex(/^-?[0-9]+$/)])
  .describe('Integer minor units; a string of digits beyond ±(2^53 - 1), which only system accounts reach');

export const instantText = z.iso.datetime({ precision: 3 }).describe('ISO 8601 UTC');
export const currencyCode = z.string().meta({ examples: ['CZK', 'CHIPS'] });
export const accountIdText = z.string().meta({ examples: ['alice'] });
export const transactionIdText = z.string().meta({ examples: [EXAMPLE_ID] });
export const ownMetadata = z.record(z.string(), z.unknown());
export const nextCursor = z.string().nullable().describe('Opaque; null on the last page');
