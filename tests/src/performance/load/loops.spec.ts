import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { closedLoop } from './closed-loop.js';
import { openLoop } from './open-loop.js';

const granted = { accepted: 1, refused: 0 };

describe('closedLoop', () => {
  it('makes as many calls as asked for and never more at once than allowed', async () => {
    let underWay = 0;
    let most = 0;
    const call = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await delay(1);
      underWay -= 1;
      return granted;
    };
    const result = await closedLoop({ inFlight: 4, commandsPerCall: 1, until: { calls: 40 }, call });
    expect(result.accepted).toBe(40);
    expect(most).toBe(4);
  });

  it('counts all commands of a failed call as failed and keeps the first error', async () => {
    const call = () => Promise.reject(new Error('nobody there'));
    const result = await closedLoop({ inFlight: 1, commandsPerCall: 500, until: { calls: 1 }, call });
    expect(result).toMatchObject({ accepted: 0, failed: 500, firstError: 'nobody there' });
  });

  it('gives up on a side that only fails', async () => {
    const call = () => Promise.reject(new Error('nobody there'));
    const result = await closedLoop({ inFlight: 1, commandsPerCall: 1, until: { seconds: 60 }, call });
    expect(result.failed).toBe(1_000);
  });
});

describe('openLoop', () => {
  it('starts every call that is due, whatever the answers do', async () => {
    const call = async () => granted;
    const result = await openLoop({ perSecond: 500, seconds: 0.2, inFlightMax: 1_000, call });
    expect(result.accepted).toBe(100);
  });

  it('counts a latency from the instant at which the call was due', async () => {
    let isFirst = true;
    // The first call stops the whole process, so that the others start late.
    const call = async () => {
      const endMs = performance.now() + (isFirst ? 100 : 0);
      isFirst = false;
      while (performance.now() < endMs);
      return granted;
    };
    const { latencyMs } = await openLoop({ perSecond: 1_000, seconds: 0.1, inFlightMax: 1_000, call });
    expect(latencyMs.p50).toBeGreaterThan(25);
  });

  it('counts what it could not start as failed', async () => {
    const call = async () => {
      await delay(50);
      return granted;
    };
    const result = await openLoop({ perSecond: 1_000, seconds: 0.03, inFlightMax: 1, call });
    expect(result.accepted).toBeGreaterThan(0);
    expect(result.accepted + result.failed).toBe(30);
    expect(result.failed).toBeGreaterThan(20);
  });
});
