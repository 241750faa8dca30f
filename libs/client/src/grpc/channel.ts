import { Client, connectivityState, credentials, status, type ServiceError } from '@grpc/grpc-js';
import {
  refused,
  SteelyardProtocolError,
  SteelyardUnavailableError,
  type Refused,
} from '../answers/index.js';

export interface TlsSettings {
  /** PEM; absent: those of the system. */
  readonly rootCertificates?: Uint8Array | undefined;
  /** PEM, with `certificateChain`: for a service that wants to know its clients. */
  readonly privateKey?: Uint8Array | undefined;
  readonly certificateChain?: Uint8Array | undefined;
}

export interface ChannelSettings {
  /** host:port */
  readonly address: string;
  /** Absent: plaintext. */
  readonly tls?: TlsSettings | true | undefined;
}

/** A method of a service and its codecs. */
export interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** Above the largest batch and its answer. */
const MESSAGE_MAX_BYTES = 16 * 1024 * 1024;
/** A silent peer is asked after the one, and given up after the other. */
const KEEPALIVE_TIME_MS = 10_000;
const KEEPALIVE_TIMEOUT_MS = 5_000;
const RECONNECT_DELAY_MIN_MS = 100;
const RECONNECT_DELAY_MAX_MS = 2_000;

/** One connection to the service, restored when it breaks. */
export class GrpcChannel {
  readonly #client: Client;

  constructor({ address, tls }: ChannelSettings) {
    this.#client = new Client(address, credentialsFor(tls), {
      'grpc.max_receive_message_length': MESSAGE_MAX_BYTES,
      'grpc.max_send_message_length': MESSAGE_MAX_BYTES,
      'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
      'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
      'grpc.initial_reconnect_backoff_ms': RECONNECT_DELAY_MIN_MS,
      'grpc.max_reconnect_backoff_ms': RECONNECT_DELAY_MAX_MS,
      // Retries are this library's part, which knows the deadline and the keys.
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
    });
  }

  /** Calls once. @returns the response, or why the service refuses the call as a whole */
  async call<Request, Response>(
    { path, requestSerialize, responseDeserialize }: UnaryMethod<Request, Response>,
    request: Request,
    timeoutMs: number,
  ): Promise<Response | Refused> {
    const options = { deadline: Date.now() + timeoutMs };
    await this.#connected(options.deadline);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, response?: Response): void => {
        if (error) settleFailure(error, { resolve, reject });
        else if (response === undefined) reject(new SteelyardProtocolError('an answer without a message'));
        else resolve(response);
      };
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, done);
    });
  }

  close(): void {
    this.#client.close();
  }

  /** A call that fails before there is a connection cannot have had an effect, and gRPC itself does not tell. */
  async #connected(deadline: number): Promise<void> {
    const channel = this.#client.getChannel();
    for (;;) {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) return;
      if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN) {
        throw notConnected('there is no connection to the service');
      }
      await new Promise<void>((resolve, reject) => {
        const done = (error?: Error): void => {
          if (error) reject(notConnected('there was no connection to the service in time'));
          else resolve();
        };
        channel.watchConnectivityState(state, deadline, done);
      });
    }
  }
}

function notConnected(message: string): SteelyardUnavailableError {
  return new SteelyardUnavailableError(message, { reason: 'connection', maybeApplied: false });
}

interface Settle {
  readonly resolve: (refusal: Refused) => void;
  readonly reject: (error: Error) => void;
}

function settleFailure(error: ServiceError, { resolve, reject }: Settle): void {
  switch (error.code) {
    case status.UNAVAILABLE:
    case status.CANCELLED:
      return reject(outage('unavailable', error));
    case status.DEADLINE_EXCEEDED:
      return reject(outage('deadline', error));
    case status.INVALID_ARGUMENT:
    case status.FAILED_PRECONDITION:
      return resolve(refusalOf(error, 'INVALID_REQUEST'));
    case status.NOT_FOUND:
      return resolve(refusalOf(error, 'NOT_FOUND'));
    case status.RESOURCE_EXHAUSTED:
      return resolve(refusalOf(error, 'PAYLOAD_TOO_LARGE'));
    case status.UNAUTHENTICATED:
      return resolve(refusalOf(error, 'UNAUTHENTICATED'));
    case status.PERMISSION_DENIED:
      return resolve(refusalOf(error, 'FORBIDDEN'));
    default:
      return reject(new SteelyardProtocolError(error.message, { cause: error }));
  }
}

/** The service writes its code before the message. */
function refusalOf({ details }: ServiceError, otherwise: string): Refused {
  const [, code = otherwise, message = details] = /^([A-Z]+(?:_[A-Z]+)+): (.*)$/s.exec(details) ?? [];
  return refused(code, message);
}

function outage(reason: 'unavailable' | 'deadline', error: ServiceError): SteelyardUnavailableError {
  return new SteelyardUnavailableError(error.message, { reason, maybeApplied: true, cause: error });
}

function credentialsFor(tls: ChannelSettings['tls']) {
  if (tls === undefined) return credentials.createInsecure();
  if (tls === true) return credentials.createSsl();
  const { rootCertificates, privateKey, certificateChain } = tls;
  return credentials.createSsl(pem(rootCertificates), pem(privateKey), pem(certificateChain));
}

function pem(bytes: Uint8Array | undefined): Buffer | null {
  return bytes === undefined ? null : Buffer.from(bytes);
}
