export type { BatchCommand, CallOptions, Executor } from './executor.port.js';
export { ServiceExecutor, type BatchingSettings } from './service-executor.js';
export type {
  BatchMode,
  ExchangeOptions,
  Keyed,
  Prepared,
  WireKind,
  WireTransport,
} from './wire-transport.port.js';
