import { ApiRefusal, Interrupted, Outage } from './outage.js';
import { isJsonObject, textOf } from './json-reader.js';
import { CliError } from '../cli-error.js';

// A batch of 5,000 takes well under a second; past this the answer is not coming.
const REQUEST_TIMEOUT_MS = 30_000;

/** Where the platform is and who asks. */
export interface Connection {
  /** Base of the REST API, without a slash at its end: http://127.0.0.1:3000/api */
  readonly url: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
}

/** What a request may carry. */
export interface RequestOptions {
  /** JSON text, made by the caller: a retried batch is not serialised again. */
  readonly body?: string;
  readonly idempotencyKey?: string;
  /** How long the whole answer may take, when that is longer than usual. */
  readonly timeoutMs?: number | undefined;
  /** Ends the request at once. */
  readonly signal?: AbortSignal | undefined;
}

interface Exchange<Body> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly take: (response: Response) => Promise<Body>;
}

/**
 * The public REST API. Throws Outage when the same request may succeed later, ApiRefusal when the platform said
 * no, Interrupted when the signal ended it and CliError when nothing here can help.
 */
export class SteelyardApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get(path: string, options: RequestOptions = {}): Promise<unknown> {
    return this.#request('GET', path, options);
  }

  post(path: string, options: RequestOptions = {}): Promise<unknown> {
    return this.#request('POST', path, options);
  }

  /** The body of a reply of any length, as it comes: only its beginning has to come in time. */
  async download(path: string, options: RequestOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const isAnswered = (response: Response): Promise<Response | string> =>
      response.ok && response.body !== null ? Promise.resolve(response) : response.text();
    const { response, body } = await this.#exchange({ method: 'GET', path, take: isAnswered }, options);
    if (typeof body !== 'string' && body.body !== null) return body.body;
    this.#read(response, typeof body === 'string' ? body : '');
    throw new CliError(`${path} was answered with nothing`);
  }

  async #request(method: 'GET' | 'POST', path: string, options: RequestOptions): Promise<unknown> {
    const take = (response: Response): Promise<string> => response.text();
    const { response, body } = await this.#exchange({ method, path, take }, options);
    return this.#read(response, body);
  }

  /** Sends a request and takes of the reply what is asked for, all in time. */
  async #exchange<Body>(
    { method, path, take }: Exchange<Body>,
    options: RequestOptions,
  ): Promise<{ readonly response: Response; readonly body: Body }> {
    // Not AbortSignal.any: its signals pile up behind one that lives as long as the command.
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const timeoutMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS;
    const timer = setTimeout(abort, timeoutMs);
    options.signal?.addEventListener('abort', abort);
    try {
      const response = await fetch(`${this.#connection.url}${path}`, {
        method,
        headers: this.#headers(options),
        signal: controller.signal,
        ...(options.body === undefined ? {} : { body: options.body }),
      });
      return { response, body: await take(response) };
    } catch (error) {
      if (options.signal?.aborted) throw new Interrupted('interrupted', { cause: error });
      throw this.#explain(error, controller.signal.aborted ? timeoutMs : undefined);
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  #headers(options: RequestOptions): Record<string, string> {
    const headers: Record<string, string> = {
      authorization: this.#connection.authorization,
      accept: 'application/json',
    };
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    return headers;
  }

  #read(response: Response, text: string): unknown {
    const body = parseJson(text);
    if (response.ok && body !== undefined) return body;
    const problem = isJsonObject(body) ? body : {};
    const code = textOf(problem, 'error') ?? `HTTP_${response.status}`;
    const message = textOf(problem, 'message') ?? textOf(problem, 'detail') ?? response.statusText;
    if (response.status >= 500 || response.status === 408 || response.status === 429) {
      throw new Outage(`the platform answered ${response.status} ${code}: ${message}`, {
        retryAfterMs: retryAfterMs(response),
      });
    }
    if (response.ok || textOf(problem, 'error') === undefined) {
      throw new CliError(
        `${this.#connection.url} does not answer as Steelyard does (${response.status}): is --url right?`,
      );
    }
    if (response.status === 401) {
      throw new CliError(
        `the platform did not accept the token (${message}): give --token or STEELYARD_TOKEN, or the JWT_HS256_SECRET it uses`,
      );
    }
    throw new ApiRefusal(response.status, code, message);
  }

  /** Tells an answer that may still come from a request that cannot even be made. */
  #explain(error: unknown, timedOutAfterMs: number | undefined): Outage | CliError {
    const { url } = this.#connection;
    if (timedOutAfterMs !== undefined)
      return new Outage(`no answer from ${url} within ${timedOutAfterMs / 1000} s`, { cause: error });
    const cause = isJsonObject(error) && isJsonObject(error['cause']) ? error['cause'] : {};
    const code = textOf(cause, 'code');
    // Without a socket's error behind it, the request itself was impossible: a header, an address.
    if (code === undefined) {
      return new CliError(`cannot ask ${url}: ${textOf(cause, 'message') ?? String(error)}`, {
        cause: error,
      });
    }
    const what = code === 'ECONNREFUSED' ? 'nothing listens there' : code;
    return new Outage(`cannot reach ${url} (${what}): is the platform running? Start it with: npm start`, {
      cause: error,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterMs(response: Response): number {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '0', 10);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}
