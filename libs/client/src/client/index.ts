export type { AccountCalls } from './account-calls.js';
export type { OperationOptions } from './operation-caller.js';
export type { ReservationCalls } from './reservation-calls.js';
export { Steelyard, type BatchInput, type BatchItem } from './steelyard.js';
export { SteelyardClient, type SteelyardClientSettings } from './steelyard-client.js';
export type { TableCalls } from './table-calls.js';
export { grpcTransport, restTransport, type Transport } from './transport.js';
