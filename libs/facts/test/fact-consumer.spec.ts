import { describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/outage';
import { RpcError } from '@steelyard/platform/rpc';
import { eventually } from '@steelyard/testing/wait';
import { fact, factsOf } from './support/facts.js';
import { useConsumer } from './support/use-consumer.js';
import { failingOn, noting } from './support/use-inbox.js';

const suite = useConsumer();
const SOON = { timeoutMs: 10_000 };

describe('facts that are pushed', () => {
  it('are applied, and the answer says how far', async () => {
    const consumer = suite.start([noting()]);
    expect(await consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) })).toEqual({ appliedThrough: 4n });
    expect(await suite.inbox.noted()).toEqual(['3-1', '3-2', '3-3', '3-4']);
    expect(await consumer.metric('facts_applied_total')).toBe(4);
  });

  it('are skipped when they come again', async () => {
    const consumer = suite.start([noting()]);
    const push = () => consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) });
    await push();
    expect(await push()).toEqual({ appliedThrough: 4n });
    expect(await consumer.metric('facts_duplicate_total')).toBe(4);
  });

  it('are asked for again from where a gap begins', async () => {
    const consumer = suite.start([noting()]);
    expect(await consumer.deliver({ bucket: 3, facts: factsOf(3, 8, 9) })).toEqual({ appliedThrough: 0n });
  });

  it('are refused for now when the first of them fails, so that the sender waits', async () => {
    const consumer = suite.start([failingOn((sequence) => sequence === 2n)]);
    const push = () => consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) });
    expect(await push()).toEqual({ appliedThrough: 1n });
    await expect(push()).rejects.toThrow(OutageError);
  });

  it('are stepped over after the last attempt, loudly', async () => {
    const consumer = suite.start([failingOn((sequence) => sequence === 2n)]);
    await eventually(async () => {
      const { appliedThrough } = await consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) });
      expect(appliedThrough).toBe(4n);
    }, SOON);
    expect(consumer.events()).toEqual(['fact.failed', 'fact.failed', 'fact.dead-letter']);
    expect(await consumer.metric('facts_buried_total')).toBe(1);
  });

  it('are refused for good when they are of another bucket', async () => {
    const consumer = suite.start([noting()]);
    const push = consumer.deliver({ bucket: 3, facts: [fact(3, 1n), fact(4, 1n)] });
    await expect(push).rejects.toThrow(RpcError);
    expect(await suite.inbox.noted()).toEqual([]);
  });
});

describe('facts that never come', () => {
  it('are read from the balance app, over many pages', async () => {
    suite.source.committed.push(...factsOf(1, 1, 1_200), ...factsOf(2, 1, 3));
    const consumer = suite.start([noting()], { FACTS_CATCH_UP_INTERVAL_MS: 20 });
    await eventually(async () => expect(await suite.inbox.noted()).toHaveLength(1_203), SOON);
    expect(await consumer.metric('facts_pulled_total')).toBe(1_203);
    await eventually(async () => expect(await consumer.metric('facts_behind')).toBe(0), SOON);
  });

  it('are not read while others bring them', async () => {
    suite.source.committed.push(...factsOf(1, 1, 3));
    const consumer = suite.start([noting()]);
    await consumer.deliver({ bucket: 1, facts: factsOf(1, 1, 3) });
    await consumer.stop();
    expect(suite.source.reads).toBe(0);
  });

  it('are read when the balance app is back', async () => {
    suite.source.committed.push(...factsOf(1, 1, 3));
    suite.source.isAway = true;
    suite.start([noting()], { FACTS_CATCH_UP_INTERVAL_MS: 20 });
    await eventually(() => suite.source.calls >= 3, SOON);
    suite.source.isAway = false;
    await eventually(async () => expect(await suite.inbox.noted()).toEqual(['1-1', '1-2', '1-3']), SOON);
  });
});

describe('dead letters', () => {
  it('are applied by a release that can', async () => {
    const before = suite.start([failingOn((sequence) => sequence === 2n)], { FACTS_ATTEMPTS_MAX: 1 });
    await before.deliver({ bucket: 3, facts: factsOf(3, 1, 3) });
    await before.stop();
    const after = suite.start([noting('failing')]);
    await eventually(async () => expect(await suite.inbox.noted('failing')).toContain('3-2'), SOON);
    await eventually(() => expect(after.events()).toEqual(['fact.dead-letters.applied']), SOON);
  });
});
