export { connectNats, type NatsConnection, type NatsConnectSettings } from './connect-nats.js';
export { natsRpcServer, type NatsRpcServer, type NatsRpcServerSettings } from './nats-rpc-server.js';
export { natsRpcClient } from './nats-rpc-client.js';
