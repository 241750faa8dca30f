export { AccessAudit } from './access-audit.js';
export { AuditOutboxRepository } from './audit-outbox.repository.js';
export { AuditRecorder } from './audit-recorder.js';
export { AuditTrailPort } from './audit-trail.port.js';
export { type Actor, edgeEvent } from './edge-event.js';
export { CurrentOrigin, type RequestOrigin } from './request-origin.js';
export { RpcAuditTrailClient } from './rpc-audit-trail.client.js';
export { ShipAuditEventsHandler } from './ship-audit-events.handler.js';
export { ShipAuditEventsJob } from './ship-audit-events.job.js';
