import type { RunningPlatform } from '@steelyard/testing/processes';

/** What the public interface answered. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls the public interface as one caller. */
export interface RestClient {
  get(path: string): Promise<RestAnswer>;
  post(path: string, body: object, idempotencyKey: string): Promise<RestAnswer>;
}

const ANSWER_TIMEOUT_MS = 120_000;

/** A caller with a token; all paths are below /api. */
export function restClient(platform: RunningPlatform, token: string): RestClient {
  const authorization = `Bearer ${token}`;
  const send = async (path: string, init: RequestInit): Promise<RestAnswer> => {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const reply = await fetch(`${platform.apiUrl}${path}`, { ...init, signal });
    const body = (await reply.json()) as Record<string, unknown>;
    return { status: reply.status, headers: reply.headers, body };
  };
  return {
    get: (path) => send(path, { headers: { authorization } }),
    post: (path, body, idempotencyKey) =>
      send(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      }),
  };
}

/** How often a running application logged an event about one use of a server. */
export function timesLogged(logs: string, event: string, use: string): number {
  const lines = logs.split('\n').filter((line) => line.includes(`"event":"${event}"`));
  return lines.filter((line) => line.includes(`"use":"${use}"`)).length;
}

/** True while an orchestrator would send requests to the application. */
export async function isReady(httpUrl: string): Promise<boolean> {
  const reply = await fetch(`${httpUrl}/ready`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  return reply.ok;
}
