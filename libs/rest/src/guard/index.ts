export { ACCESS_RULE } from './access-metadata.js';
export { Access } from './access.decorator.js';
export { AccessGuard } from './access.guard.js';
export { CurrentCaller } from './caller.decorator.js';
export { RateLimiterPort } from './rate-limiter.port.js';
