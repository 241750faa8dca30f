export { OutageError } from './outage-error.js';
export { NODE_NETWORK_CODES, hasNodeNetworkCode } from './node-network-codes.js';
