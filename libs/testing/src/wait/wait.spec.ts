import { eventually } from './index.js';

describe('eventually', () => {
  it('throws the last error of the check when the time is over', async () => {
    let attempts = 0;
    const check = (): never => {
      attempts += 1;
      throw new Error('never');
    };
    await expect(eventually(check, { timeoutMs: 60, intervalMs: 5 })).rejects.toThrow('never');
    expect(attempts).toBeGreaterThan(1);
  });

  it('fails on a check that keeps returning false', async () => {
    await expect(eventually(() => false, { timeoutMs: 10, intervalMs: 5 })).rejects.toThrow(
      'did not hold in time',
    );
  });

  it('returns what the first passing check returned', async () => {
    let attempts = 0;
    const result = await eventually(
      () => {
        attempts += 1;
        if (attempts < 3) throw new Error('not yet');
        return attempts;
      },
      { timeoutMs: 5_000, intervalMs: 1 },
    );
    expect(result).toBe(3);
  });
});
