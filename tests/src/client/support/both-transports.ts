import {
  grpcTransport,
  restTransport,
  SteelyardClient,
  type SteelyardClientSettings,
} from '@steelyard/client';
import type { RunningPlatform } from '@steelyard/testing/processes';

/** The two ways to the service. Both must behave alike. */
export const TRANSPORTS = ['grpc', 'rest'] as const;

/** One attempt, which waits longer than the service itself does for a commit: answers are the first ones. */
const PATIENCE = { deadlineMs: 60_000, attemptTimeoutMs: 60_000 };

export type TransportName = (typeof TRANSPORTS)[number];

/** A client of a running platform over one of its transports. */
export async function clientOf(
  platform: RunningPlatform,
  transport: TransportName,
  settings: Omit<SteelyardClientSettings, 'transport'> = {},
): Promise<SteelyardClient> {
  return new SteelyardClient({ ...PATIENCE, ...settings, transport: await open(platform, transport) });
}

async function open(platform: RunningPlatform, transport: TransportName) {
  if (transport === 'rest') {
    return restTransport({ url: platform.apiUrl, token: await platform.token(['operator']) });
  }
  const address = platform.app('balance').grpcTarget;
  if (address === undefined) throw new Error('the balance app has a gRPC server');
  return grpcTransport({ address });
}
