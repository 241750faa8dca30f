import { milliseconds, url, wholeNumber } from '@steelyard/platform/config';
import { z } from 'zod';

const HOUR_MS = 3_600_000;
const KEY_LENGTH_MAX = 8_192;
const PATH_LENGTH_MAX = 4_096;
/** What a signed note allows in a name; a space or plus would end it. */
const ORIGIN_PATTERN = /^[!-*,-~]{1,200}$/;

const keyError = 'an Ed25519 private key in PEM, or the path of a file with one';
const signingKey = z
  .string({ error: keyError })
  .min(1, { error: keyError })
  .max(KEY_LENGTH_MAX, { error: keyError });

/** Sealing, publishing and verifying checkpoints. */
export const sealingEnv = {
  /** How often what is new is sealed; 0: never, by this process. */
  LEDGER_SEAL_INTERVAL_MS: wholeNumber(60_000, HOUR_MS),
  /** Name of the log in its checkpoints; chosen at the first seal, and never changed after that. */
  LEDGER_ORIGIN: z
    .string()
    .regex(ORIGIN_PATTERN, { error: 'a name of ASCII characters without spaces and +' })
    .optional(),
  LEDGER_SIGNING_KEY: signingKey.optional(),
  /** While keys are changed: checkpoints carry the signatures of both. */
  LEDGER_SIGNING_KEY_PREVIOUS: signingKey.optional(),
  LEDGER_CHECKPOINT_DIR: z.string().max(PATH_LENGTH_MAX, { error: 'the path of a directory' }).optional(),
  LEDGER_CHECKPOINT_URL: url(['http', 'https']).optional(),
  LEDGER_CHECKPOINT_TIMEOUT_MS: milliseconds(5_000, 15_000),
  /** How often the background verification of seals takes a piece, and for how long. */
  LEDGER_SEAL_VERIFY_INTERVAL_MS: milliseconds(5_000, HOUR_MS),
  LEDGER_SEAL_VERIFY_BUDGET_MS: milliseconds(250, 5_000),
} as const;

/** For `.superRefine(…)`: a key that was made on the machine itself would be lost with it. */
export function requireSigningKeyInProduction(
  config: {
    readonly NODE_ENV: string;
    readonly LEDGER_SEAL_INTERVAL_MS: number;
    readonly LEDGER_SIGNING_KEY?: string | undefined;
  },
  context: z.core.$RefinementCtx,
): void {
  const { NODE_ENV, LEDGER_SEAL_INTERVAL_MS, LEDGER_SIGNING_KEY } = config;
  if (NODE_ENV !== 'production' || LEDGER_SEAL_INTERVAL_MS === 0 || LEDGER_SIGNING_KEY !== undefined) return;
  context.addIssue({ code: 'custom', path: ['LEDGER_SIGNING_KEY'], message: keyError });
}
