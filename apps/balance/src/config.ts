import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { AMOUNT_MAX, CURRENCY_CODE_PATTERN, CurrencyTable } from '@steelyard/domain/money';
import { RAKE_BASIS_POINTS_MAX } from '@steelyard/domain/pots';
import { isRefusal } from '@steelyard/domain/result';
import { ESCROW_POLICIES } from '@steelyard/domain/tables';
import {
  commonEnv,
  currencies,
  databaseUrl,
  host,
  milliseconds,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  wholeNumber,
  type Environment,
} from '@steelyard/platform/config';
import { accountApiEnv } from '@steelyard/rest/account-api';
import { refuseUnusableTokenKeys } from '@steelyard/rest/authentication';
import { z } from 'zod';

/** Who can be sent facts. */
const FACT_CONSUMERS = ['ledger', 'notifications', 'analytics'] as const;
const FACT_CONSUMERS_OFF = 'none';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const currencyError = 'a currency code such as CHIPS or USD';

const schema = z
  .object({
    ...commonEnv,
    ...accountApiEnv,
    DATABASE_URL: databaseUrl,
    BALANCE_HTTP_PORT: port(3002),
    BALANCE_GRPC_PORT: port(50_051),
    /** Where the lists of transactions and entries come from that the HTTP port serves. */
    LEDGER_HOST: host(),
    LEDGER_GRPC_PORT: port(50_052),
    NOTIFICATIONS_HOST: host(),
    NOTIFICATIONS_GRPC_PORT: port(50_053),
    ANALYTICS_HOST: host(),
    ANALYTICS_GRPC_PORT: port(50_054),
    /** Who gets committed facts: pushed to each over gRPC, or, with NATS_URL, published for all; none: nobody. */
    FACT_CONSUMERS: factConsumers(),
    /** How often to look for facts that other processes committed, and for deliveries to try again. */
    FACTS_POLL_INTERVAL_MS: milliseconds(250, MINUTE_MS),
    /** What a process that died was delivering is taken over after this. An attempt may last three fifths of it. */
    FACTS_LEASE_MS: milliseconds(10_000, 10 * MINUTE_MS),
    /** How long the JetStream stream keeps facts. The ledger keeps them for ever. */
    FACTS_STREAM_MAX_AGE_MS: milliseconds(7 * DAY_MS, 10 * 365 * DAY_MS),
    /** How long the log of failed deliveries is kept, in whole days at least. */
    FACT_DELIVERIES_RETENTION_MS: milliseconds(30 * DAY_MS, 10 * 365 * DAY_MS),
    /** Chosen at the first start, stored, and refused when it differs later. */
    BUCKETS: positiveInt(64, BUCKETS_MAX),
    DEFAULT_CURRENCY: z.string().regex(CURRENCY_CODE_PATTERN, { error: currencyError }).default('CHIPS'),
    CURRENCIES: currencies,
    IDEMPOTENCY_TTL_MS: milliseconds(DAY_MS, 365 * DAY_MS),
    /** How long a reservation holds when it does not say. */
    RESERVATION_TIMEOUT_MS: milliseconds(30_000, DAY_MS),
    /** How often reservations are ended that nobody touches after their time; 0: never, by the clock they end anyway. */
    RESERVATION_SWEEP_INTERVAL_MS: wholeNumber(5_000, 60 * MINUTE_MS),
    /** Of tables that are used for the first time: whether chips that the table does not have may leave it. */
    TABLE_ESCROW_POLICY: z
      .enum(ESCROW_POLICIES, { error: `one of ${ESCROW_POLICIES.join(', ')}` })
      .default('strict'),
    /** What the house keeps of a pot, in hundredths of a percent, rounded down. */
    RAKE_BASIS_POINTS: wholeNumber(0, RAKE_BASIS_POINTS_MAX),
    /** At most so much of one pot; 0: no cap. */
    RAKE_CAP_CHIPS: chips(),
    /** Pots of so much and less pay no rake. */
    RAKE_MIN_POT_CHIPS: chips(),
    /** Groups of buckets that are posted to independently. */
    BALANCE_LANES: positiveInt(1, 64),
    /** Beyond some hundreds a batch only adds latency. */
    BALANCE_BATCH_COMMANDS_MAX: positiveInt(500, 5_000),
    /** How long a command may wait for its commit, through an outage too. */
    BALANCE_COMMAND_DEADLINE_MS: milliseconds(8_000, 60_000),
    BALANCE_POOL_SIZE: positiveInt(8, 100),
    /** Accounts that the process remembers, to show them while PostgreSQL is away; with REDIS_URL they are shared. */
    ACCOUNT_CACHE_SIZE: positiveInt(50_000, 10_000_000),
    /** How old an account may be that is shown while PostgreSQL is away. */
    ACCOUNT_CACHE_AGE_MAX_MS: milliseconds(DAY_MS, 30 * DAY_MS),
    /** How long reads of an account are answered from memory; 0: every read asks PostgreSQL, and no process ever shows less than another has committed. */
    ACCOUNT_READ_CACHE_TTL_MS: wholeNumber(0, MINUTE_MS),
    /** How often, when they are, the process looks whether others have written. */
    ACCOUNT_CACHE_WATCH_MS: milliseconds(100, 10_000),
  })
  .superRefine(requireNatsForItsTransport)
  .superRefine(refuseUnusableTokenKeys)
  .superRefine((config, context) => {
    const currency = new CurrencyTable(config.CURRENCIES).find(config.DEFAULT_CURRENCY);
    if (!isRefusal(currency)) return;
    const message = 'a currency of ISO 4217, CHIPS, or one that CURRENCIES names';
    context.addIssue({ code: 'custom', path: ['DEFAULT_CURRENCY'], message });
  });

/** Names separated by commas; the word for nobody gives none. */
function factConsumers() {
  const error = `some of ${FACT_CONSUMERS.join(', ')} separated by commas, or ${FACT_CONSUMERS_OFF}`;
  return z
    .string({ error })
    .default(FACT_CONSUMERS.join(','))
    .transform((value, context) => {
      if (value === FACT_CONSUMERS_OFF) return [];
      const names = new Set(value.split(',').map((name) => name.trim()));
      const known = FACT_CONSUMERS.filter((name) => names.has(name));
      if (known.length === names.size) return known;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    });
}

/** Minor units from 0 to the largest amount, exactly. */
function chips() {
  const error = `a whole number from 0 to ${AMOUNT_MAX}`;
  return z
    .string({ error })
    .regex(/^\d{1,16}$/, { error })
    .transform((digits) => BigInt(digits))
    .refine((amount) => amount <= AMOUNT_MAX, { error })
    .default(0n);
}

export type BalanceConfig = Readonly<z.output<typeof schema>>;

/** The app's configuration. Throws ConfigError, which names every variable at fault. */
export function loadConfig(env?: Environment): BalanceConfig {
  return parseConfig(schema, env);
}
