import { z } from 'zod';
import { named } from '../schemas/named.js';
import {
  accountIdText,
  currencyCode,
  instantText,
  minor,
  minorOrText,
  ownMetadata,
} from '../schemas/reply-fields.js';
import { amount, amountFromZero, currency, digits, instant, metadata, name } from '../requests/fields.js';
import { parsedBy } from '../requests/refine.js';
import { refuse } from '@steelyard/domain/result';

const VERSION_DIGITS_MAX = 999_999_999;

/** Limits over changes in a window are not enforced by this release, so they are refused instead of ignored. */
const changeWindowLimit = (field: string) =>
  parsedBy(
    (value) =>
      value === undefined
        ? undefined
        : refuse(
            'INVALID_REQUEST',
            `limits.${field}: change-window limits are not available in this release`,
          ),
    { description: 'Not available in this release: refused', not: {} },
  ).optional();

/** Limits as a request gives them. */
export const limits = named(
  'LimitsRequest',
  z.strictObject({
    creditLimit: amountFromZero('creditLimit').nullable().optional().describe('null: unlimited'),
    minimumHold: amountFromZero('minimumHold').optional(),
    maxBalance: amountFromZero('maxBalance').nullable().optional().describe('null: unlimited'),
    warningThreshold: amount('warningThreshold').optional(),
    criticalThreshold: amount('criticalThreshold').optional(),
    dailyChangeLimit: changeWindowLimit('dailyChangeLimit'),
    weeklyChangeLimit: changeWindowLimit('weeklyChangeLimit'),
  }),
);

export const openAccountBody = named(
  'OpenAccountRequest',
  z.strictObject({
    initialBalance: amountFromZero('initialBalance').optional(),
    currency: currency.optional(),
    tier: name.optional(),
    holderId: name.optional(),
    agentId: name.optional(),
    limits: limits.optional(),
    metadata: metadata.optional(),
  }),
  { currency: 'CHIPS', initialBalance: 1000 },
);

export const balanceQuery = z.strictObject({
  at: instant('at').optional().describe('The balance at this instant'),
  clock: z
    .enum(['committed', 'effective'])
    .default('committed')
    .describe(
      'By which time of an entry: when it was committed, or when it took effect, which is its effectiveAt where it has one',
    ),
  minVersion: digits(0, VERSION_DIGITS_MAX)
    .optional()
    .describe('Never answer with less than this version; 503 when it is not reached within a second'),
});

export const openedAccountReply = named(
  'OpenedAccount',
  z.object({ accountId: accountIdText, balance: minor, currency: currencyCode, created: z.boolean() }),
  { accountId: 'alice', balance: 1000, currency: 'CHIPS', created: true },
);

export const accountReply = named(
  'Account',
  z.object({
    accountId: accountIdText,
    currency: currencyCode,
    balance: minorOrText,
    availableBalance: minorOrText.describe('What can be spent; 2^53 - 1 when credit is unlimited'),
    held: minorOrText,
    version: minorOrText.describe('Grows by one with every change of the account'),
    status: z.enum(['active', 'frozen', 'closed']),
    tier: z.string().nullable(),
    holderId: z.string().nullable(),
    agentId: z.string().nullable(),
    limits: z.object({
      creditLimit: minor.nullable().describe('null: unlimited'),
      minimumHold: minor,
      maxBalance: minor.nullable().describe('null: unlimited'),
      warningThreshold: minor.nullable(),
      criticalThreshold: minor.nullable(),
    }),
    metadata: ownMetadata,
    sequence: minorOrText.describe('Of the last ledger entry; 0 before the first'),
    latestChecksum: z.string(),
    createdAt: instantText,
    updatedAt: instantText,
    asOf: instantText.optional().describe('Only with `stale`'),
    stale: z.boolean().optional().describe('true: the database is away, this is the account as of `asOf`'),
  }),
);

export const balanceReply = named(
  'Balance',
  z.object({
    accountId: accountIdText,
    balance: minorOrText,
    availableBalance: minorOrText.optional().describe('Absent for a past instant'),
    held: minorOrText.optional().describe('Absent for a past instant'),
    currency: currencyCode,
    version: minorOrText.optional().describe('Absent for a past instant'),
    sequence: minorOrText
      .optional()
      .describe(
        'For an instant: of the entry that decided it; by the effective clock the number of entries that count',
      ),
    asOf: instantText,
    clock: z
      .enum(['committed', 'effective'])
      .optional()
      .describe('For an instant: the clock that was asked for'),
    stale: z.boolean().optional().describe('true: the database is away, this is the balance as of `asOf`'),
  }),
);
