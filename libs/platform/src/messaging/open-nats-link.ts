import type { Logger } from '../observability/index.js';
import { NatsLink } from './nats-link.js';

/** What of an app's configuration decides whether and how it speaks NATS. */
export interface NatsConfig {
  readonly TRANSPORT: 'grpc' | 'nats';
  readonly NATS_URL?: string | undefined;
  readonly RPC_FALLBACK: 'none' | 'grpc';
}

/** What the link needs of the process. */
export interface NatsOwner {
  readonly name: string;
  readonly logger: Logger;
  readonly onClose: (work: () => Promise<void>) => void;
}

/**
 * The link of an app that is asked to serve over NATS, closed with the app; undefined when it is not asked to.
 *
 * @throws OutageError as {@link NatsLink.open} does.
 */
export async function openNatsLink(
  { TRANSPORT, NATS_URL, RPC_FALLBACK }: NatsConfig,
  { name, logger, onClose }: NatsOwner,
): Promise<NatsLink | undefined> {
  if (TRANSPORT !== 'nats' || NATS_URL === undefined) return undefined;
  const link = await NatsLink.open(NATS_URL, { name, logger, isOptional: RPC_FALLBACK === 'grpc' });
  onClose(() => link.close());
  return link;
}

/**
 * The link over which an app sends or takes events, whatever its calls go over: the one of its calls when there is
 * one, else one of its own that nobody waits for, closed with the app. undefined when no NATS is configured.
 */
export async function openEventLink(
  { NATS_URL }: Pick<NatsConfig, 'NATS_URL'>,
  { name, logger, onClose }: NatsOwner,
  ofCalls?: NatsLink,
): Promise<NatsLink | undefined> {
  if (ofCalls !== undefined || NATS_URL === undefined) return ofCalls;
  const link = await NatsLink.open(NATS_URL, { name, logger, isOptional: true, use: 'events' });
  onClose(() => link.close());
  return link;
}
