import { beforeEach, describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/outage';
import { OutageGate } from './outage-gate.js';

describe('OutageGate', () => {
  let nowMs = 0;
  let reads = 0;
  let gate: OutageGate;
  const away = () => {
    reads += 1;
    return Promise.reject(new OutageError('away'));
  };
  const there = async () => (reads += 1);
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) await expect(gate.pass(away)).rejects.toBeInstanceOf(OutageError);
  };

  beforeEach(() => {
    nowMs = 0;
    reads = 0;
    gate = new OutageGate(() => nowMs);
  });

  it('lets reads try while outages are single', async () => {
    await fail(2);
    await gate.pass(there);
    await fail(2);
    expect(reads).toBe(5);
  });

  it('turns reads away without trying after three outages in a row', async () => {
    await fail(10);
    expect(reads).toBe(3);
  });

  it('lets one read at a time try again after a while', async () => {
    await fail(3);
    nowMs += 250;
    let answer: (value: string) => void = () => undefined;
    const probe = gate.pass(() => new Promise<string>((resolve) => (answer = resolve)));
    nowMs += 60_000;
    await fail(1);
    expect(reads).toBe(3);
    answer('there');
    expect(await probe).toBe('there');
    await gate.pass(there);
    expect(reads).toBe(4);
  });

  it('stays shut when the read that tries meets the outage again', async () => {
    await fail(3);
    nowMs += 250;
    await fail(2);
    expect(reads).toBe(4);
  });

  it('takes another failure for an answer', async () => {
    await fail(2);
    await expect(gate.pass(() => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
    await fail(2);
    await gate.pass(there);
    expect(reads).toBe(5);
  });
});
