export { AllowedMethods } from './allowed-methods.js';
export { useBodyLimits } from './body-limits.js';
export { configureRoutes, PREFIX } from './configure-routes.js';
export { useDataHeaders } from './data-headers.js';
export { useRequestMetrics } from './request-metrics.js';
