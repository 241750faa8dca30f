import { currency } from '@steelyard/rest/requests';
import { currencyCode, minorOrText, named } from '@steelyard/rest/schemas';
import { z } from 'zod';

export const supplyQuery = z.strictObject({
  currency: currency.optional().describe('Every currency that was ever moved when absent'),
});

const entries = z.int().describe('How many entries');
const flow = z.object({ type: z.string(), amount: minorOrText, entries });

const currencySupply = named(
  'CurrencySupply',
  z.object({
    currency: currencyCode,
    circulating: minorOrText.describe("On all accounts but the outside world's"),
    issued: minorOrText.describe('Came from the outside world and has not gone back'),
    kinds: z
      .array(
        z.object({
          kind: z.string().meta({ examples: ['player', 'world', 'house', 'table', 'pot', 'fx'] }),
          balance: minorOrText,
          amountIn: minorOrText,
          amountOut: minorOrText,
          entries,
        }),
      )
      .describe('What is on the accounts of each kind'),
    sources: z.array(flow).describe('What came from the outside world, by type of transaction'),
    sinks: z.array(flow).describe('What went back to it'),
  }),
);

export const supplyReply = named('Supply', z.object({ currencies: z.array(currencySupply) }));
