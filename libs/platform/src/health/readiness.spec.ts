import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../observability/index.js';
import { Readiness, ReadinessCheck } from './index.js';

class Switchable extends ReadinessCheck {
  override readonly name = 'peer';
  runs = 0;

  constructor(public isUp: boolean) {
    super();
  }

  override async check(): Promise<void> {
    this.runs += 1;
    if (!this.isUp) throw new Error('down');
  }
}

class Silent extends ReadinessCheck {
  override readonly name = 'silent';

  override check(): Promise<void> {
    return new Promise(() => undefined);
  }
}

describe('Readiness', () => {
  it('is ready when every check passes', async () => {
    expect(await new Readiness([new Switchable(true)]).report()).toEqual({
      status: 'ready',
      checks: [{ name: 'peer', state: 'up' }],
    });
  });

  it('names the check that fails', async () => {
    expect(await new Readiness([new Switchable(false)]).report()).toEqual({
      status: 'not-ready',
      checks: [{ name: 'peer', state: 'down' }],
    });
  });

  it('does not wait for a check that never answers', async () => {
    const report = await new Readiness([new Silent()], undefined, { timeoutMs: 5 }).report();
    expect(report.checks).toEqual([{ name: 'silent', state: 'down' }]);
  });

  it('runs a check once for all who ask at the same time', async () => {
    const check = new Switchable(true);
    const readiness = new Readiness([check]);
    await Promise.all([readiness.report(), readiness.report()]);
    expect(check.runs).toBe(1);
  });

  it('is stopping once the shutdown has begun', async () => {
    const readiness = new Readiness([new Switchable(true)]);
    readiness.onModuleDestroy();
    expect((await readiness.report()).status).toBe('stopping');
  });

  describe('logs', () => {
    const events: unknown[] = [];
    const logger = createLogger('spec', 'info', {
      write: (line) => void events.push((JSON.parse(line) as { event: unknown }).event),
    });
    const reportOf = async (readiness: Readiness, times: number) => {
      for (let i = 0; i < times; i++) await readiness.report();
    };
    beforeEach(() => void events.splice(0));

    it('changes and not each question', async () => {
      const check = new Switchable(true);
      const readiness = new Readiness([check], logger);
      await reportOf(readiness, 2);
      check.isUp = false;
      await reportOf(readiness, 2);
      check.isUp = true;
      await reportOf(readiness, 2);
      expect(events).toEqual(['readiness.lost', 'readiness.regained']);
    });

    it('nothing about a check that is not there yet at the start', async () => {
      const check = new Switchable(false);
      const readiness = new Readiness([check], logger);
      await reportOf(readiness, 2);
      check.isUp = true;
      await reportOf(readiness, 1);
      expect(events).toEqual([]);
    });

    it('a check that is still not there after the start', async () => {
      await reportOf(new Readiness([new Switchable(false)], logger, { startGraceMs: 0 }), 2);
      expect(events).toEqual(['readiness.lost']);
    });
  });
});
