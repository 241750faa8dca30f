import { describe, expect, it } from '@jest/globals';
import { eventually } from '@steelyard/testing/wait';
import { SteelyardUnavailableError, type OutageReason } from '../answers/index.js';
import { ResilientCaller } from './resilient-caller.js';
import { resilienceFrom, type ResilienceSettings } from './settings.js';

/** A caller whose clock moves only by its own pauses; chance always takes the given part of the whole. */
function simulated(settings: ResilienceSettings, chance = 1) {
  let nowMs = 0;
  const pauses: number[] = [];
  const caller = new ResilientCaller(resilienceFrom({ circuit: { failuresToOpen: 1_000 }, ...settings }), {
    now: () => nowMs,
    random: () => chance,
    pause: (ms) => {
      pauses.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  });
  return { caller, pauses };
}

const outage = (reason: OutageReason, retryAfterMs?: number): SteelyardUnavailableError =>
  new SteelyardUnavailableError(reason, { reason, maybeApplied: true, retryAfterMs });

/** Fails as often as there are errors, then returns. */
function failing(...errors: readonly Error[]): { attempt: () => Promise<string>; timeouts: number[] } {
  const timeouts: number[] = [];
  const left = [...errors];
  return {
    timeouts,
    attempt: async (...[timeoutMs = 0]: number[]) => {
      timeouts.push(timeoutMs);
      const error = left.shift();
      if (error) throw error;
      return 'done';
    },
  };
}

describe('ResilientCaller', () => {
  it('pauses up to twice as long before each retry, up to a maximum', async () => {
    const { caller, pauses } = simulated({
      attemptsMax: 6,
      backoffMs: 100,
      backoffMaxMs: 500,
      deadlineMs: 60_000,
    });
    await caller.run(failing(...Array.from({ length: 5 }, () => outage('unavailable'))).attempt);
    expect(pauses).toEqual([100, 200, 400, 500, 500]);
  });

  it('spreads its pauses over all of the time from nothing to the maximum', async () => {
    const { caller, pauses } = simulated({ backoffMs: 100 }, 0.25);
    await caller.run(failing(outage('connection'), outage('connection')).attempt);
    expect(pauses).toEqual([25, 50]);
  });

  it('waits at least as long as the service asks', async () => {
    const { caller, pauses } = simulated({ backoffMs: 100 });
    await caller.run(failing(outage('rate-limited', 3_000)).attempt);
    expect(pauses).toEqual([3_000]);
  });

  it('gives up at once when the service asks for more time than there is', async () => {
    const { caller, pauses } = simulated({ deadlineMs: 1_000 });
    await expect(caller.run(failing(outage('rate-limited', 3_000)).attempt)).rejects.toMatchObject({
      reason: 'rate-limited',
      retryAfterMs: 3_000,
    });
    expect(pauses).toEqual([]);
  });

  it('tries no more often than it may', async () => {
    const { caller } = simulated({ attemptsMax: 3 });
    const { attempt, timeouts } = failing(...Array.from({ length: 9 }, () => outage('deadline')));
    await expect(caller.run(attempt)).rejects.toThrow('tried 3 times');
    expect(timeouts).toHaveLength(3);
  });

  it('gives a try no more than what is left of the deadline', async () => {
    const { caller } = simulated({ attemptTimeoutMs: 800, backoffMs: 400, deadlineMs: 1_000 });
    const { attempt, timeouts } = failing(outage('connection'));
    await caller.run(attempt);
    expect(timeouts).toEqual([800, 600]);
  });

  it.each<OutageReason>(['circuit-open', 'overloaded'])('does not retry %s', async (reason) => {
    const { caller, pauses } = simulated({});
    await expect(caller.run(failing(outage(reason)).attempt)).rejects.toMatchObject({ reason });
    expect(pauses).toEqual([]);
  });

  it('does not retry what is no outage', async () => {
    const { caller, pauses } = simulated({});
    await expect(caller.run(failing(new RangeError('bug')).attempt)).rejects.toThrow(RangeError);
    expect(pauses).toEqual([]);
  });

  it('remembers over its tries that one of them may have had an effect', async () => {
    const { caller } = simulated({ attemptsMax: 2 });
    const refused = new SteelyardUnavailableError('no', { reason: 'connection', maybeApplied: false });
    await expect(caller.run(failing(outage('deadline'), refused).attempt)).rejects.toMatchObject({
      reason: 'connection',
      maybeApplied: true,
    });
  });

  it('does not count a service that asks to slow down as one that is away', async () => {
    const { caller } = simulated({ attemptsMax: 4, circuit: { failuresToOpen: 2 } });
    await caller.run(failing(...Array.from({ length: 3 }, () => outage('rate-limited'))).attempt);
    expect(caller.circuit.state).toBe('closed');
  });

  it('does not let a call wait beyond its deadline for the probe of another', async () => {
    const caller = new ResilientCaller(
      resilienceFrom({
        attemptsMax: 1,
        attemptTimeoutMs: 60_000,
        circuit: { failuresToOpen: 1, probeAfterMs: 1 },
      }),
    );
    await expect(caller.run(failing(outage('connection')).attempt)).rejects.toThrow('connection');
    const openedAt = Date.now();
    await eventually(() => Date.now() > openedAt + 1, { timeoutMs: 1_000, intervalMs: 1 });
    let answerProbe: (value: string) => void = () => undefined;
    const probe = caller.run(() => new Promise<string>((resolve) => (answerProbe = resolve)));
    const other = failing();
    await expect(caller.run(other.attempt, 50)).rejects.toMatchObject({
      reason: 'deadline',
      maybeApplied: false,
    });
    answerProbe('back');
    expect(await probe).toBe('back');
    // It was given up: it must not be sent after all.
    expect(other.timeouts).toEqual([]);
  });

  it.each([
    [{ deadlineMs: 0 }, 'deadlineMs'],
    [{ attemptsMax: -1 }, 'attemptsMax'],
    [{ circuit: { failuresToOpen: Number.NaN } }, 'failuresToOpen'],
  ])('refuses %p', (settings, name) => {
    expect(() => resilienceFrom(settings)).toThrow(name);
  });
});
