import { describe, expect, it } from '@jest/globals';
import { createLogger, withCorrelationId } from './index.js';

function recorder() {
  const lines: Record<string, unknown>[] = [];
  return { lines, write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
}

describe('createLogger', () => {
  it('writes one JSON line with app, event, level and the correlation id', () => {
    const sink = recorder();
    const logger = createLogger('balance', 'info', sink);
    withCorrelationId('c-1', () => logger.info({ accountId: 'alice' }, 'account.created'));
    expect(sink.lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
        app: 'balance',
        event: 'account.created',
        accountId: 'alice',
        correlationId: 'c-1',
      },
    ]);
  });

  it('leaves the correlation id out where there is none', () => {
    const sink = recorder();
    createLogger('balance', 'info', sink).info({}, 'app.listening');
    expect(sink.lines[0]).not.toHaveProperty('correlationId');
  });

  it('drops amounts, tokens and secrets that somebody tries to log', () => {
    const sink = recorder();
    createLogger('balance', 'info', sink).info({ amount: '5', command: { token: 'x', id: 'c' } }, 'oops');
    expect(sink.lines[0]).not.toHaveProperty('amount');
    expect(sink.lines[0]).toHaveProperty('command', { id: 'c' });
  });

  it('says of an error its type, text, code and causes, and none of its other members', () => {
    const sink = recorder();
    const cause = Object.assign(new Error('refused'), {
      code: 'ECONNREFUSED',
      detail: 'Failing row contains (100)',
    });
    createLogger('balance', 'info', sink).error({ error: new TypeError('down', { cause }) }, 'http.failed');
    expect(sink.lines[0]).toHaveProperty('error', {
      type: 'TypeError',
      message: 'down',
      stack: expect.any(String),
      cause: { type: 'Error', message: 'refused', stack: expect.any(String), code: 'ECONNREFUSED' },
    });
  });

  it('survives a chain of causes that ends in itself', () => {
    const sink = recorder();
    const error = new Error('loop');
    error.cause = error;
    createLogger('balance', 'info', sink).error({ error }, 'http.failed');
    expect(sink.lines).toHaveLength(1);
  });
});
