import { factEnv } from '@steelyard/facts/consumer';
import { z } from 'zod';
import {
  commonEnv,
  databaseRole,
  databaseUrl,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  type Environment,
} from '@steelyard/platform/config';
import { auditEnv } from './audit.env.js';
import { reconciliationEnv } from './reconciliation.env.js';
import { requireSigningKeyInProduction, sealingEnv } from './sealing.env.js';
import { verificationEnv } from './verification.env.js';

const schema = z
  .object({
    ...commonEnv,
    DATABASE_URL: databaseUrl,
    /** The role that sessions work as when it exists. */
    DATABASE_ROLE: databaseRole('steelyard_ledger'),
    LEDGER_HTTP_PORT: port(3003),
    LEDGER_GRPC_PORT: port(50_052),
    LEDGER_POOL_SIZE: positiveInt(8, 100),
    ...verificationEnv,
    ...sealingEnv,
    ...factEnv,
    ...reconciliationEnv,
    ...auditEnv,
  })
  .superRefine(requireNatsForItsTransport)
  .superRefine(requireSigningKeyInProduction);

export type LedgerConfig = Readonly<z.output<typeof schema>>;

/** The app's configuration. Throws ConfigError, which names every variable at fault. */
export function loadConfig(env?: Environment): LedgerConfig {
  return parseConfig(schema, env);
}
