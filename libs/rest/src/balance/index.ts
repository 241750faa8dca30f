export { AccountReader } from './account-reader.js';
export { BalancePort } from './balance.port.js';
export { commandBytes } from './command-bytes.js';
export { CommandDispatcher } from './command-dispatcher.js';
export { type BalanceRpc, RpcBalanceClient } from './rpc-balance.client.js';
export type { TurnBatcherLimits } from './turn-batcher.js';
