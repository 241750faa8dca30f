export { LedgerPort } from './ledger.port.js';
export { type LedgerRpc, RpcLedgerClient } from './rpc-ledger.client.js';
