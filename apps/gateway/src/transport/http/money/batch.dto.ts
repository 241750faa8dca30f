import { z } from 'zod';
import type { BatchItem } from '../../../application/execute-batch/batch-item.js';
import { isRefused, refused, type Refused } from '@steelyard/rest/refusals';
import { named } from '@steelyard/rest/schemas';
import { movementReply, transferReply } from '@steelyard/rest/transactions';
import {
  accountId,
  amount,
  currency,
  idempotencyKey,
  name,
  parseAs,
  positiveAmount,
} from '@steelyard/rest/requests';
import { particulars } from '@steelyard/rest/movements';

/** As many as one call to the balance app carries. */
export const BATCH_ITEMS_MAX = 5_000;

const singleAccount = { idempotencyKey, accountId: accountId('accountId') };

const depositItem = z.strictObject({
  ...singleAccount,
  type: z.enum(['DEPOSIT', 'BONUS', 'REFERRAL']),
  amount: positiveAmount('amount'),
  source: name.optional(),
  currency: currency.optional(),
  ...particulars,
});

const withdrawItem = z.strictObject({
  ...singleAccount,
  type: z.literal('WITHDRAW'),
  amount: positiveAmount('amount'),
  source: name.optional(),
  currency: currency.optional(),
  ...particulars,
});

const changeItem = z.strictObject({
  ...singleAccount,
  type: z.enum(['WAGER', 'SETTLEMENT', 'ADJUSTMENT']),
  amount: amount('amount').describe('Signed'),
  source: name.optional(),
  ...particulars,
});

const transferItem = z.strictObject({
  idempotencyKey,
  type: z.literal('TRANSFER'),
  from: accountId('from'),
  to: accountId('to'),
  amount: positiveAmount('amount'),
  rate: z.string().max(40).optional(),
  source: name.optional(),
  ...particulars,
});

const batchItem = named(
  'BatchItem',
  z.discriminatedUnion('type', [depositItem, withdrawItem, changeItem, transferItem]),
);

/** What the document says of the body; it is read by {@link parseBatch}, item by item. */
export const batchBody = named(
  'BatchRequest',
  z.strictObject({
    mode: z.enum(['independent', 'atomic']).optional().describe('independent when absent'),
    transactions: z.array(batchItem).min(1).max(BATCH_ITEMS_MAX),
  }),
  {
    mode: 'independent',
    transactions: [{ idempotencyKey: 'row-1', type: 'DEPOSIT', accountId: 'alice', amount: 100 }],
  },
);

// Items are not looked at here: one malformed item must not spoil the others.
const envelope = z.strictObject({
  mode: z.enum(['independent', 'atomic']).default('independent'),
  transactions: z.array(z.unknown()).min(1),
});

export interface ParsedBatch {
  readonly kind: 'batch';
  readonly mode: 'independent' | 'atomic';
  readonly items: readonly (BatchItem | Refused)[];
}

/** Reads a batch; a malformed item keeps its place as a refusal. */
export function parseBatch(body: unknown): ParsedBatch | Refused {
  const parsed = parseAs(envelope, body);
  if (isRefused(parsed)) return parsed;
  if (parsed.transactions.length > BATCH_ITEMS_MAX) {
    return refused('BATCH_TOO_LARGE', `A batch has at most ${BATCH_ITEMS_MAX} items`, 'transactions');
  }
  return { kind: 'batch', mode: parsed.mode, items: parsed.transactions.map(parseItem) };
}

function parseItem(item: unknown): BatchItem | Refused {
  const parsed = parseAs(batchItem, item);
  if (isRefused(parsed)) return parsed;
  switch (parsed.type) {
    case 'WAGER':
    case 'SETTLEMENT':
    case 'ADJUSTMENT': {
      const { type, ...move } = parsed;
      return { ...move, type, changeType: CHANGE_TYPE_OF[type] };
    }
    default:
      return parsed;
  }
}

const CHANGE_TYPE_OF = { WAGER: 'wager', SETTLEMENT: 'settlement', ADJUSTMENT: 'adjustment' } as const;

const itemOk = z.object({
  ok: z.literal(true),
  replayed: z.boolean(),
  transaction: z.union([movementReply, transferReply]),
});
const itemRefused = z.object({
  ok: z.literal(false),
  error: z.string().describe('A code of the error table'),
  message: z.string(),
  retryable: z.boolean(),
  field: z.string().optional(),
});

export const batchReply = named(
  'BatchReply',
  z.object({ results: z.array(z.union([itemOk, itemRefused])).describe('One an item, in order') }),
);
