export { connectNats, type NatsConnection, type NatsConnectSettings } from './connect-nats.js';
export { natsRpcServer, type NatsRpcServer, type NatsRpcServerSettings } from './nats-rpc-server.js';
export { servedOverNats } from './nats-services.js';
export { natsRpcClient } from './nats-rpc-client.js';
export { natsFirstRpcClient, type NatsFirstSettings } from './nats-first-rpc-client.js';
export { NatsLink, type NatsLinkSettings } from './nats-link.js';
export { openEventLink, openNatsLink, type NatsConfig, type NatsOwner } from './open-nats-link.js';
export { NoAnswerError } from './no-answer-error.js';
