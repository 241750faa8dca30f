import {
  ServiceExecutor,
  type BatchingSettings,
  type Executor,
  type WireTransport,
} from '../dispatch/index.js';
import type { ChannelSettings } from '../grpc/channel.js';
import { GrpcWire } from '../grpc/codec/grpc-wire.js';
import type { ResilientCaller } from '../resilience/index.js';
import type { RestSettings } from '../rest/http-caller.js';
import { RestWire } from '../rest/rest-wire.js';

/** A way to the service, made by {@link grpcTransport} or {@link restTransport}. */
export interface Transport {
  readonly wire: 'grpc' | 'rest';
  /** @internal */
  connect(caller: ResilientCaller, batching: BatchingSettings | undefined): Executor;
}

/** Straight to the balance service: for back ends beside it, the fastest way. */
export function grpcTransport(settings: ChannelSettings): Transport {
  return transportOf('grpc', () => new GrpcWire(settings));
}

/** Through the public REST interface, with a token or an API key. */
export function restTransport(settings: RestSettings): Transport {
  return transportOf('rest', () => new RestWire(settings));
}

function transportOf<Request, Reply>(
  wire: Transport['wire'],
  open: () => WireTransport<Request, Reply>,
): Transport {
  return { wire, connect: (caller, batching) => new ServiceExecutor(open(), caller, batching) };
}
