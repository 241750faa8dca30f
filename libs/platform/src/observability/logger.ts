import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { currentCorrelationId } from './correlation.js';
import { serializeError } from './error-serializer.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Call it as `logger.info({ accountId }, 'account.created')`: the message is the event's name, ids are fields. */
export type Logger = PinoLogger;

// The last line of defence, not a licence to log them.
const NEVER_LOGGED = ['amount', 'balance', 'token', 'authorization', 'password', 'secret', 'apiKey'];

/**
 * One JSON line an event: time (ISO 8601), level, app, event, correlationId while a request is worked on, and
 * the given fields. Never log amounts, tokens or personal data.
 *
 * @param sink where lines go; standard output unless a test wants to read them.
 */
export function createLogger(appName: string, level: LogLevel = 'info', sink?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { app: appName },
      messageKey: 'event',
      errorKey: 'error',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: (error: unknown) => serializeError(error) },
      redact: { paths: NEVER_LOGGED.flatMap((name) => [name, `*.${name}`]), remove: true },
      mixin: () => {
        const correlationId = currentCorrelationId();
        return correlationId === undefined ? {} : { correlationId };
      },
    },
    // Synchronous, so that the last lines before an exit are not lost; there are few lines on hot paths.
    sink ?? destination({ fd: 1, sync: true }),
  );
}
