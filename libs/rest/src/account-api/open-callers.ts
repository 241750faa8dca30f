import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { OutageLog } from '@steelyard/platform/observability';
import { Redis } from 'ioredis';
import { ApiKeyDatabase } from '../api-keys/api-key-database.js';
import { ApiKeyRepository } from '../api-keys/api-key.repository.js';
import { AuditOutboxRepository } from '../audit/audit-outbox.repository.js';
import { AuditRecorder } from '../audit/audit-recorder.js';
import type { AuditTrailPort } from '../audit/audit-trail.port.js';
import { ShipAuditEventsHandler } from '../audit/ship-audit-events.handler.js';
import { ShipAuditEventsJob } from '../audit/ship-audit-events.job.js';
import type { TokenVerifierPort } from '../authentication/token-verifier.port.js';
import { tokenVerifierFor } from '../authentication/token-verifier-for.js';
import { CallerRateLimiter } from '../guard/rate-limiter.js';
import type { AccountApiConfig } from './account-api.env.js';

/** A count takes less than a millisecond; a Redis that is silent must not hold requests back. */
const REDIS_TIMEOUT_MS = 250;

/** What is needed to tell callers apart, and to hold them back. */
export interface Callers {
  readonly tokens: TokenVerifierPort;
  readonly apiKeys: ApiKeyRepository;
  readonly apiKeyDatabase: ApiKeyDatabase;
  readonly rateLimiter: CallerRateLimiter;
  /** Told what callers do. */
  readonly audit: AuditRecorder;
  /** Brings it to the audit trail: a provider of the app's module. */
  readonly shipAuditEvents: (trail: AuditTrailPort) => ShipAuditEventsJob;
}

/** Opens all of it, until the app ends. API keys connect in the background: without them tokens still work. */
export async function openCallers(
  config: AccountApiConfig,
  runtime: AppRuntime,
  poolSizeMax: number,
): Promise<Callers> {
  const { logger } = runtime;
  const apiKeyDatabase = openDatabase(config, runtime, poolSizeMax);
  const outbox = new AuditOutboxRepository(apiKeyDatabase);
  const audit = new AuditRecorder(outbox, config.AUDIT_OUTAGE, logger);
  return {
    tokens: await tokenVerifierFor(config),
    apiKeys: new ApiKeyRepository(apiKeyDatabase),
    apiKeyDatabase,
    rateLimiter: openRateLimiter(config, runtime),
    audit,
    shipAuditEvents: (trail) =>
      new ShipAuditEventsJob(new ShipAuditEventsHandler(outbox, audit, trail, logger), logger),
  };
}

function openDatabase(config: AccountApiConfig, runtime: AppRuntime, sizeMax: number): ApiKeyDatabase {
  const { DATABASE_URL: url, DATABASE_ROLE: role } = config;
  const settings = { url, role, sizeMax, applicationName: `steelyard ${runtime.name}` };
  const database = new ApiKeyDatabase(settings, runtime.logger);
  runtime.onClose(() => database.stop());
  database.start();
  return database;
}

function openRateLimiter(config: AccountApiConfig, runtime: AppRuntime): CallerRateLimiter {
  if (config.REDIS_URL === undefined) return new CallerRateLimiter(config.RATE_LIMIT_PER_SECOND);
  // A command is not held back while Redis is away: the limiter in memory takes over at once.
  const redis = new Redis(config.REDIS_URL, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: REDIS_TIMEOUT_MS,
  });
  const log = new OutageLog(runtime.logger, 'redis', 'rate-limit');
  redis.on('error', (error) => log.lost(error));
  redis.on('ready', () => log.regained());
  runtime.onClose(async () => redis.disconnect());
  return new CallerRateLimiter(config.RATE_LIMIT_PER_SECOND, redis);
}
