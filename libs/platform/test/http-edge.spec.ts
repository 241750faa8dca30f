import { connect } from 'node:net';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HealthModule, ReadinessCheck } from '../src/health/index.js';
import { BODY_MAX_BYTES, ProblemError } from '../src/http/index.js';
import { createApp } from '../src/lifecycle/index.js';
import { createLogger, createMetrics, currentCorrelationId } from '../src/observability/index.js';
import { OutageError } from '../src/outage/index.js';

const UUID = /^[0-9a-f-]{36}$/;
const JSON_TYPE = { 'content-type': 'application/json' };
const CONFIG = { LOG_LEVEL: 'info' } as const;

const logged: Record<string, unknown>[] = [];
const logger = createLogger('spec', 'info', {
  write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>),
});

class Peer extends ReadinessCheck {
  override readonly name = 'peer';
  isUp = true;

  override async check(): Promise<void> {
    if (!this.isUp) throw new Error('down');
  }
}
const peer = new Peer();

@Controller()
class EdgeController {
  @Post('echo')
  echo(@Body() body: unknown) {
    return { body, correlationId: currentCorrelationId() };
  }

  @Get('refused')
  refused(): never {
    throw new ProblemError('RATE_LIMITED', 'slow down', { field: 'amount', retryAfterSeconds: 7 });
  }

  @Get('outage')
  outage(): never {
    throw new OutageError('the database is away');
  }

  @Get('bug')
  bug(): never {
    throw new TypeError('secret inner workings');
  }

  @Get('things/:id')
  thing(): string {
    return 'thing';
  }
}

@Module({
  imports: [HealthModule.register({ app: 'spec', checks: [peer], metrics: createMetrics('spec') })],
  controllers: [EdgeController],
})
class EdgeModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await createApp(
    {
      name: 'spec',
      loadConfig: () => CONFIG,
      module: () => EdgeModule,
      port: () => 0,
      host: () => '127.0.0.1',
    },
    CONFIG,
    { name: 'spec', version: '0', logger, metrics: createMetrics('spec'), onClose: () => undefined },
  );
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());
afterEach(() => {
  logged.length = 0;
});

async function problem(...request: Parameters<NestFastifyApplication['inject']>) {
  const response = await app.inject(...request);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  const body: Record<string, unknown> = response.json();
  expect(body).toMatchObject({
    status: response.statusCode,
    correlationId: response.headers['x-correlation-id'],
  });
  return { response, body };
}

describe('problems', () => {
  it('have all members, the field and when to come back', async () => {
    const { response, body } = await problem({
      url: '/refused?token=secret',
      headers: { 'x-correlation-id': 'c-1' },
    });
    expect(response.headers['retry-after']).toBe('7');
    expect(body).toEqual({
      type: 'urn:steelyard:problem:rate-limited',
      title: 'Too many requests',
      status: 429,
      detail: 'slow down',
      instance: '/refused',
      error: 'RATE_LIMITED',
      message: 'slow down',
      retryable: true,
      field: 'amount',
      correlationId: 'c-1',
    });
  });

  it('answer an outage with 503 and when to come back', async () => {
    const { response, body } = await problem('/outage');
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(body).toMatchObject({ error: 'UNAVAILABLE', retryable: true });
    expect(JSON.stringify(body)).not.toContain('database');
  });

  it('keep a bug to themselves and log it once, under the correlation id', async () => {
    const { response, body } = await problem({ url: '/bug', headers: { 'x-correlation-id': 'c-2' } });
    expect(response.statusCode).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(logged).toEqual([
      expect.objectContaining({ event: 'http.failed', level: 'error', correlationId: 'c-2', route: '/bug' }),
    ]);
  });

  it.each([
    ['a path that does not exist', { url: '/nothing' }, [404, 'NOT_FOUND']],
    ['a method that it does not have', { method: 'DELETE', url: '/echo' }, [404, 'NOT_FOUND']],
    ['a malformed URL', { url: '/things/%zz' }, [400, 'INVALID_REQUEST']],
    ['a parameter that is too long', { url: `/things/${'x'.repeat(2_000)}` }, [400, 'INVALID_REQUEST']],
    [
      'broken JSON',
      { method: 'POST', url: '/echo', headers: JSON_TYPE, payload: '{"a":' },
      [400, 'INVALID_JSON'],
    ],
    [
      'no JSON at all',
      { method: 'POST', url: '/echo', headers: JSON_TYPE, payload: '' },
      [400, 'INVALID_JSON'],
    ],
    [
      'JSON that sets a prototype',
      { method: 'POST', url: '/echo', headers: JSON_TYPE, payload: '{"__proto__":{"admin":true}}' },
      [400, 'INVALID_JSON'],
    ],
    [
      'a body that is too large',
      {
        method: 'POST',
        url: '/echo',
        headers: JSON_TYPE,
        payload: JSON.stringify('x'.repeat(BODY_MAX_BYTES)),
      },
      [413, 'PAYLOAD_TOO_LARGE'],
    ],
    [
      'text',
      { method: 'POST', url: '/echo', headers: { 'content-type': 'text/plain' }, payload: 'x' },
      [415, 'UNSUPPORTED_MEDIA_TYPE'],
    ],
    [
      'a form',
      {
        method: 'POST',
        url: '/echo',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'a=b',
      },
      [415, 'UNSUPPORTED_MEDIA_TYPE'],
    ],
  ] as const)('answer %s', async (_what, request, expected) => {
    const { body } = await problem({ ...request });
    expect([body['status'], body['error']]).toEqual(expected);
    expect(logged).toEqual([]);
  });

  it('answer what is not HTTP', async () => {
    const answer = await rawExchange(new URL(await app.getUrl()), 'NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain('"error":"INVALID_REQUEST"');
  });
});

describe('correlation ids', () => {
  it('are accepted, echoed, and known to the handler after a body that came over the network', async () => {
    const response = await fetch(`${await app.getUrl()}/echo`, {
      method: 'POST',
      headers: { ...JSON_TYPE, 'x-correlation-id': 'c-3' },
      body: JSON.stringify({ long: 'x'.repeat(50_000) }),
    });
    expect(response.headers.get('x-correlation-id')).toBe('c-3');
    expect(await response.json()).toMatchObject({ correlationId: 'c-3' });
  });

  it('are made where there is none or a malformed one', async () => {
    for (const headers of [{}, { 'x-correlation-id': 'no spaces' }]) {
      const response = await app.inject({ url: '/health', headers });
      expect(response.headers['x-correlation-id']).toMatch(UUID);
    }
  });
});

describe('health', () => {
  it('says that the process is up', async () => {
    const response = await app.inject('/health');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      status: 'ok',
      app: 'spec',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptimeSeconds: expect.any(Number),
    });
  });

  it('says whether it can work', async () => {
    peer.isUp = false;
    const down = await app.inject('/ready');
    expect([down.statusCode, down.json()]).toEqual([
      503,
      { status: 'not-ready', checks: [{ name: 'peer', state: 'down' }] },
    ]);
    peer.isUp = true;
    const up = await app.inject('/ready');
    expect([up.statusCode, up.json()]).toEqual([
      200,
      { status: 'ready', checks: [{ name: 'peer', state: 'up' }] },
    ]);
  });

  it('gives the metrics of the process', async () => {
    const response = await app.inject('/metrics');
    expect(response.headers['content-type']).toContain('text/plain');
    expect(response.body).toContain('process_cpu_user_seconds_total{app="spec"}');
  });
});

function rawExchange({ hostname, port }: URL, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}
