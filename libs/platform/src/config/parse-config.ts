import type { z } from 'zod';
import { ConfigError, type ConfigFault } from './config-error.js';
import { printableValue } from './printable-value.js';

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A zod object whose keys are names of environment variables. */
export type ConfigSchema = z.ZodObject;

/**
 * Parses the environment once, at the start of an app. A variable set to the empty string counts as unset, as
 * compose files and shells give it that way.
 *
 * @returns the typed values, frozen.
 * @throws ConfigError naming every variable at fault; secrets are not printed.
 */
export function parseConfig<Schema extends ConfigSchema>(
  schema: Schema,
  env: Environment = process.env,
): Readonly<z.output<Schema>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape)
      .map((name) => [name, env[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new ConfigError(faultsOf(parsed.error.issues, env));
  return Object.freeze(parsed.data);
}

function faultsOf(issues: readonly z.core.$ZodIssue[], env: Environment): ConfigFault[] {
  const byVariable = new Map<string, ConfigFault>();
  for (const issue of issues) {
    const variable = String(issue.path[0] ?? 'the environment');
    if (byVariable.has(variable)) continue;
    const value = env[variable];
    const given = value === undefined || value === '' ? null : printableValue(variable, value);
    byVariable.set(variable, { variable, given, expected: issue.message });
  }
  return [...byVariable.values()];
}
