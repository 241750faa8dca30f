import { randomUUID } from 'node:crypto';
import { waitUntil } from '@steelyard/processes';

/** What a request carries beside its method and path. */
export interface RestRequest {
  readonly body?: object | undefined;
  /** Absent: a fresh one; null: none. */
  readonly key?: string | null;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The members of the reply; its amounts are within what a number is exact for. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Answers that say that there was no time for the request: nothing is wrong with it. */
const NOT_NOW: readonly number[] = [503, 504];
const PATIENCE = { timeoutMs: 120_000, intervalMs: 100 };

/** The answer to a request that is sent again, as every caller does, while the platform says that it cannot now. */
export async function answered<Answer extends { readonly status: number }>(
  ask: () => Promise<Answer>,
): Promise<Answer> {
  let answer = await ask();
  const isAnswered = (): boolean => !NOT_NOW.includes(answer.status);
  if (isAnswered()) return answer;
  await waitUntil(async () => {
    answer = await ask();
    return isAnswered();
  }, PATIENCE);
  return answer;
}

/** Sends requests as one caller. */
export class RestCaller {
  constructor(
    private readonly baseUrl: string,
    private readonly authorization: string,
  ) {}

  /** The answer, asked for again under the same key while the platform says that it cannot now. */
  send(method: string, path: string, request: RestRequest = {}): Promise<RestAnswer> {
    const { key = randomUUID() } = request;
    return answered(() => this.sendOnce(method, path, { ...request, key }));
  }

  /** The first answer, whatever it is. */
  async sendOnce(method: string, path: string, { body, key }: RestRequest = {}): Promise<RestAnswer> {
    const headers: Record<string, string> = { authorization: this.authorization };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method !== 'GET' && key !== null) headers['idempotency-key'] = key ?? randomUUID();
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: membersIn(text) };
  }

  get(path: string): Promise<RestAnswer> {
    return this.send('GET', path);
  }

  post(path: string, body: object = {}, key?: string | null): Promise<RestAnswer> {
    return this.send('POST', path, { body, ...(key === undefined ? {} : { key }) });
  }

  /** The reply to a request that succeeds. @throws Error with the reply when it does not */
  async must(method: string, path: string, body?: object): Promise<RestAnswer['json']> {
    const { status, text, json } = await this.send(method, path, { body });
    if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return json;
  }
}

/** A member of a reply that is a text. */
export function textIn(json: RestAnswer['json'], member: string): string {
  const value = json[member];
  if (typeof value !== 'string') throw new Error(`there is no ${member} in ${JSON.stringify(json)}`);
  return value;
}

function membersIn(text: string): RestAnswer['json'] {
  if (text === '') return {};
  const json: unknown = JSON.parse(text);
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
}
