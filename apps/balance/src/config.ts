import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import { CURRENCY_CODE_PATTERN, CurrencyTable } from '@steelyard/domain/money';
import { isRefusal } from '@steelyard/domain/result';
import {
  commonEnv,
  currencies,
  databaseUrl,
  milliseconds,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  type Environment,
} from '@steelyard/platform/config';
import { z } from 'zod';

const DAY_MS = 86_400_000;
const currencyError = 'a currency code such as CHIPS or USD';

const schema = z
  .object({
    ...commonEnv,
    DATABASE_URL: databaseUrl,
    BALANCE_HTTP_PORT: port(3002),
    BALANCE_GRPC_PORT: port(50_051),
    /** Chosen at the first start, stored, and refused when it differs later. */
    BUCKETS: positiveInt(64, BUCKETS_MAX),
    DEFAULT_CURRENCY: z.string().regex(CURRENCY_CODE_PATTERN, { error: currencyError }).default('CHIPS'),
    CURRENCIES: currencies,
    IDEMPOTENCY_TTL_MS: milliseconds(DAY_MS, 365 * DAY_MS),
    /** Groups of buckets that are posted to independently. */
    BALANCE_LANES: positiveInt(1, 64),
    /** Beyond some hundreds a batch only adds latency. */
    BALANCE_BATCH_COMMANDS_MAX: positiveInt(500, 5_000),
    /** How long a command may wait for its commit, through an outage too. */
    BALANCE_COMMAND_DEADLINE_MS: milliseconds(8_000, 60_000),
    BALANCE_POOL_SIZE: positiveInt(8, 100),
  })
  .superRefine(requireNatsForItsTransport)
  .superRefine((config, context) => {
    const currency = new CurrencyTable(config.CURRENCIES).find(config.DEFAULT_CURRENCY);
    if (!isRefusal(currency)) return;
    const message = 'a currency of ISO 4217, CHIPS, or one that CURRENCIES names';
    context.addIssue({ code: 'custom', path: ['DEFAULT_CURRENCY'], message });
  });

export type BalanceConfig = Readonly<z.output<typeof schema>>;

/** The app's configuration. Throws ConfigError, which names every variable at fault. */
export function loadConfig(env?: Environment): BalanceConfig {
  return parseConfig(schema, env);
}
