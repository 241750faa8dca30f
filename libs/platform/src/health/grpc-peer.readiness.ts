import { Client, credentials } from '@grpc/grpc-js';
import { ReadinessCheck } from './readiness-check.js';

/** No longer than the caller waits, so that waits do not pile up. */
const CONNECT_TIMEOUT_MS = 2_000;

/** Another app's gRPC server can be connected to. */
export class GrpcPeerReadiness extends ReadinessCheck {
  readonly #client: Client;

  /**
   * @param name of the peer, such as 'balance'.
   * @param address host:port
   */
  constructor(
    override readonly name: string,
    address: string,
  ) {
    super();
    this.#client = new Client(address, credentials.createInsecure(), {
      // Peers are our own processes: no proxy of the environment.
      'grpc.enable_http_proxy': 0,
      'grpc.max_reconnect_backoff_ms': CONNECT_TIMEOUT_MS,
    });
  }

  override check(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(Date.now() + CONNECT_TIMEOUT_MS, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  override async close(): Promise<void> {
    this.#client.close();
  }
}
