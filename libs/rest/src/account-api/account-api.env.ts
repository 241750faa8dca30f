import { booleanFlag, databaseRole, positiveInt } from '@steelyard/platform/config';
import { z } from 'zod';
import { SELF_ACTIONS, type SelfAction } from '../access/caller.js';
import { AUDIT_OUTAGE_POLICIES, type AuditOutagePolicy } from '../audit/audit-recorder.js';
import { tokenEnv, type TokenConfig } from '../authentication/token-env.js';

const RATE_LIMIT_MAX = 1_000_000;

/** The variables of every app that serves the account API, to be spread into its schema beside `commonEnv`. */
export const accountApiEnv = {
  ...tokenEnv,
  /** The role that sessions on the API keys work as; it is set up when the login may do that. */
  DATABASE_ROLE: databaseRole('steelyard_gateway'),
  SELF_SERVICE: selfService(),
  RATE_LIMIT_PER_SECOND: positiveInt(1_000, RATE_LIMIT_MAX),
  /** Whether the audit trail is told of what machines (the role service, API keys) read, too. */
  AUDIT_SERVICE_READS: booleanFlag(false),
  /** While nothing can be told to it: remember in memory and go on, or refuse what must be recorded. */
  AUDIT_OUTAGE: z
    .enum(AUDIT_OUTAGE_POLICIES, { error: `one of ${AUDIT_OUTAGE_POLICIES.join(', ')}` })
    .default('defer'),
};

/** What {@link accountApiEnv} is read as, with what it needs of `commonEnv`. */
export interface AccountApiConfig extends TokenConfig {
  readonly DATABASE_URL: string;
  readonly DATABASE_ROLE: string | undefined;
  readonly REDIS_URL?: string | undefined;
  readonly SELF_SERVICE: readonly SelfAction[];
  readonly RATE_LIMIT_PER_SECOND: number;
  readonly AUDIT_OUTAGE: AuditOutagePolicy;
}

/** `SELF_SERVICE=read,withdraw`: what callers without a role may do with their own accounts. */
function selfService() {
  return z
    .string()
    .default('read,withdraw,reserve')
    .transform((text, context): readonly SelfAction[] => {
      const names = text.split(',').map((name) => name.trim());
      const actions = SELF_ACTIONS.filter((action) => names.includes(action));
      if (text === 'none') return [];
      if (actions.length === new Set(names).size) return actions;
      context.addIssue({ code: 'custom', message: `none, or some of ${SELF_ACTIONS.join(',')}` });
      return z.NEVER;
    });
}
