export { createLogger, LOG_LEVELS, type Logger, type LogLevel } from './logger.js';
export { NestLogger } from './nest-logger.js';
export {
  CORRELATION_HEADER,
  acceptCorrelationId,
  currentCorrelationId,
  newCorrelationId,
  withCorrelationId,
} from './correlation.js';
export { OutageLog } from './outage-log.js';
export { createMetrics } from './metrics.js';
export { PLATFORM_VERSION } from './platform-version.js';
