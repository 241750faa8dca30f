import { SteelyardProtocolError, SteelyardUnavailableError } from '../answers/index.js';
import type { RestReply } from './decode-reply.js';
import { refusalIn } from './decode-reply.js';
import { JsonRecord } from './json-record.js';
import { toJson, type RestRequest } from './rest-request.js';

export interface RestSettings {
  /** Of the service, with or without `/api`. */
  readonly url: string;
  /** A JWT, or what fetches one for each call. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** `<id>.<secret>`, instead of a token. */
  readonly apiKey?: string | undefined;
}

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;
const GATEWAY_FAILURES: ReadonlySet<number> = new Set([502, SERVICE_UNAVAILABLE, 504]);
const REPLAYED_HEADER = 'idempotency-replayed';
/** The connection was never there, so nothing can have been done. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Sends requests over HTTP. */
export class HttpCaller {
  readonly #base: string;

  constructor(private readonly settings: RestSettings) {
    const base = new URL(settings.url).href.replace(/\/+$/, '');
    this.#base = base.endsWith('/api') ? base : `${base}/api`;
  }

  /** @throws SteelyardUnavailableError when no answer came or the service cannot answer now */
  async call(request: RestRequest, timeoutMs: number): Promise<RestReply> {
    const headers = await this.#headers(request);
    const response = await this.#fetch(request, headers, timeoutMs);
    const { status } = response;
    if (status === TOO_MANY_REQUESTS) throw busy(response, 'rate-limited');
    // A proxy between us and the service may say so too, with a body of its own.
    if (GATEWAY_FAILURES.has(status)) throw busy(response, 'unavailable');
    const body = await bodyOf(response, timeoutMs);
    if (response.ok) return { ok: true, body, replayed: response.headers.get(REPLAYED_HEADER) === 'true' };
    if (status >= 500) throw new SteelyardProtocolError(`the service failed with status ${status}`);
    return refusalIn(new JsonRecord(body, `the problem with status ${status}`));
  }

  async #headers({ idempotencyKey, body }: RestRequest): Promise<Headers> {
    const { token, apiKey } = this.settings;
    const headers = new Headers({ accept: 'application/json' });
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    if (apiKey !== undefined) headers.set('authorization', `ApiKey ${apiKey}`);
    else if (token !== undefined) {
      headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
    }
    return headers;
  }

  async #fetch({ method, path, body }: RestRequest, headers: Headers, timeoutMs: number): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
      const payload = body === undefined ? null : toJson(body);
      return await fetch(this.#base + path, { method, headers, body: payload, signal });
    } catch (error) {
      throw outageOf(error);
    }
  }
}

async function bodyOf(response: Response, timeoutMs: number): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw outageOf(error);
  }
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    const what = `an answer with status ${response.status} after at most ${timeoutMs} ms is not JSON`;
    throw new SteelyardProtocolError(what, { cause: error });
  }
}

function outageOf(error: unknown): SteelyardUnavailableError {
  if (memberOf(error, 'name') === 'TimeoutError') {
    const details = { reason: 'deadline', maybeApplied: true, cause: error } as const;
    return new SteelyardUnavailableError('no answer in time', details);
  }
  const maybeApplied = !NOT_CONNECTED.has(codeOf(error));
  const message = 'the connection failed';
  return new SteelyardUnavailableError(message, { reason: 'connection', maybeApplied, cause: error });
}

/** fetch hides the reason one level down. */
function codeOf(error: unknown): unknown {
  return memberOf(memberOf(error, 'cause'), 'code');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function busy(response: Response, reason: 'rate-limited' | 'unavailable'): SteelyardUnavailableError {
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  // The body is of no use, but the connection can only be used again when it was read.
  void response.arrayBuffer().catch(() => undefined);
  const maybeApplied = reason === 'unavailable';
  return new SteelyardUnavailableError(`the service answered with status ${response.status}`, {
    reason,
    maybeApplied,
    retryAfterMs,
  });
}

/** Seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^[0-9]+$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
