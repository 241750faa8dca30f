import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@steelyard/testing/wait';
import { Supervisor, type SupervisedProcess } from '../src/launcher/supervisor.js';

const POLICY = { healthyAfterMs: 60_000, quickDeathsMax: 3, firstDelayMs: 1, longestDelayMs: 4 };

/** A process that lives until it is told to die. */
class Mortal implements SupervisedProcess {
  readonly exited: Promise<void>;
  die: () => void = () => undefined;

  constructor() {
    this.exited = new Promise((done) => {
      this.die = done;
    });
  }

  stop(): Promise<void> {
    this.die();
    return this.exited;
  }
}

describe('Supervisor', () => {
  const notices: string[] = [];
  const givenUp: string[] = [];
  const launched: Mortal[] = [];
  let failures = 0;
  const supervisor = (): Supervisor<Mortal> =>
    new Supervisor<Mortal>({
      name: 'mortal',
      policy: POLICY,
      onNotice: (text) => notices.push(text),
      onGivenUp: (text) => givenUp.push(text),
      launch: async () => {
        failures -= 1;
        if (failures >= 0) throw new Error('cannot start');
        const mortal = new Mortal();
        launched.push(mortal);
        return mortal;
      },
    });

  afterEach(() => {
    for (const list of [notices, givenUp, launched]) list.length = 0;
    failures = 0;
  });

  it('passes the failure of the first start on', async () => {
    failures = 1;
    await expect(supervisor().start()).rejects.toThrow('cannot start');
    expect(givenUp).toEqual([]);
  });

  it('starts again after a death, with growing pauses', async () => {
    const kept = supervisor();
    await kept.start();
    launched[0]?.die();
    await eventually(() => launched.length === 2);
    launched[1]?.die();
    await eventually(() => launched.length === 3);
    expect(notices).toEqual([
      'mortal ended unexpectedly, starting it again in 1 ms',
      'mortal ended unexpectedly, starting it again in 2 ms',
    ]);
    await kept.stop();
  });

  it('gives up after too many deaths in a row, counting restarts that fail', async () => {
    const kept = supervisor();
    await kept.start();
    failures = 3;
    launched[0]?.die();
    await eventually(() => givenUp.length > 0);
    expect(givenUp).toEqual(['mortal ended 4 times in a row']);
    expect(notices.filter((text) => text === 'cannot start')).toHaveLength(3);
    expect(kept.current).toBeUndefined();
    await kept.stop();
  });

  it('does not start again what it was told to stop', async () => {
    const kept = supervisor();
    await kept.start();
    await kept.stop();
    expect(launched).toHaveLength(1);
    expect(notices).toEqual([]);
  });
});
