export { HealthModule, type HealthSettings } from './health.module.js';
export { ReadinessCheck } from './readiness-check.js';
export { PostgresReadiness } from './postgres.readiness.js';
export { DatabaseReadiness } from './database.readiness.js';
export { NatsReadiness, readinessOfNats } from './nats.readiness.js';
export { GrpcPeerReadiness } from './grpc-peer.readiness.js';
export { Readiness, type ReadinessReport } from './readiness.js';
