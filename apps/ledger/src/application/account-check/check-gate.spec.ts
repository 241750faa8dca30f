import { describe, expect, it } from '@jest/globals';
import { CheckGate, CHECKS_AT_ONCE, CHECKS_WAITING_MAX } from './check-gate.js';

describe('the gate of long checks', () => {
  const opened = () => {
    const gate = new CheckGate();
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const enter = (number: number) =>
      gate.run(async () => {
        begun.push(number);
        await new Promise<void>((resolve) => ends.push(resolve));
        return number;
      });
    return { gate, begun, ends, enter };
  };

  it('lets a few work at once, and the others in the order in which they came', async () => {
    const { gate, begun, ends, enter } = opened();
    const checks = Array.from({ length: CHECKS_AT_ONCE + 2 }, (_, number) => enter(number));
    expect(begun).toEqual([0, 1]);
    expect(gate.load).toEqual({ underWay: CHECKS_AT_ONCE, waiting: 2, begun: 2, refused: 0 });
    ends[1]?.();
    await checks[1];
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    await checks[0];
    expect(begun).toEqual([0, 1, 2, 3]);
    for (const end of ends) end();
    expect(await Promise.all(checks)).toEqual([0, 1, 2, 3]);
    expect(gate.load).toEqual({ underWay: 0, waiting: 0, begun: 4, refused: 0 });
  });

  it('refuses whoever would have to wait too long, and nobody afterwards', async () => {
    const { gate, begun, ends, enter } = opened();
    const admitted = CHECKS_AT_ONCE + CHECKS_WAITING_MAX;
    const checks = Array.from({ length: admitted }, (_, number) => enter(number));
    expect(await enter(99)).toMatchObject({ kind: 'refusal', code: 'RATE_LIMITED' });
    expect(gate.load.refused).toBe(1);
    ends[0]?.();
    await checks[0];
    const late = enter(100);
    for (const check of checks) {
      for (const end of ends) end();
      await check;
    }
    for (const end of ends) end();
    expect(await late).toBe(100);
    expect(begun).not.toContain(99);
  });

  it('gives a place back when the work fails', async () => {
    const { gate } = opened();
    for (let failure = 0; failure <= CHECKS_AT_ONCE; failure += 1)
      await expect(gate.run(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await gate.run(() => Promise.resolve('served'))).toBe('served');
  });
});
