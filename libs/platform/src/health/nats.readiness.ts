import type { NatsConnection, NatsLink } from '../messaging/index.js';
import { ReadinessCheck } from './readiness-check.js';

/** The NATS server answers a ping. The connection stays its owner's. */
export class NatsReadiness extends ReadinessCheck {
  override readonly name = 'nats';
  readonly #connection: Pick<NatsConnection, 'flush'>;

  constructor(connection: Pick<NatsConnection, 'flush'>) {
    super();
    this.#connection = connection;
  }

  override async check(): Promise<void> {
    await this.#connection.flush();
  }
}

/** The check of the NATS that an app serves over; none where it goes on without: over gRPC, or because it does not. */
export function readinessOfNats(link: NatsLink | undefined): readonly ReadinessCheck[] {
  return link === undefined || link.isOptional ? [] : [new NatsReadiness(link)];
}
