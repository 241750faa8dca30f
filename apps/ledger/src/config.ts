import { factEnv } from '@steelyard/facts/consumer';
import { z } from 'zod';
import {
  commonEnv,
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

/** What DATABASE_ROLE is set to when the app works as the login itself. */
export const NO_ROLE = 'none';

const roleError = `the name of a database role, or ${NO_ROLE}`;

const schema = z
  .object({
    ...commonEnv,
    DATABASE_URL: databaseUrl,
    /** The role that sessions work as when it exists. */
    DATABASE_ROLE: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: roleError })
      .default('steelyard_ledger'),
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
