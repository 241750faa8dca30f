import { describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/outage';
import { RpcError } from '@steelyard/platform/rpc';
import { eventually } from '@steelyard/testing/wait';
import { fact, factsOf } from './support/facts.js';
import { useConsumer } from './support/use-consumer.js';
import { failingOn, noting } from './support/use-inbox.js';

const suite = useConsumer();
/** The answer to a delivery of bucket 3. */
const through = (sequence: bigint) => ({ appliedThrough: sequence, applied: [{ bucket: 3, sequence }] });

describe('facts that are pushed', () => {
  it('are applied, and the answer says how far', async () => {
    const consumer = suite.start([noting()]);
    expect(await consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) })).toEqual(through(4n));
    expect(await suite.inbox.noted()).toEqual(['3-1', '3-2', '3-3', '3-4']);
    expect(await consumer.metric('facts_applied_total')).toBe(4);
  });

  it('are skipped when they come again', async () => {
    const consumer = suite.start([noting()]);
    const push = () => consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) });
    await push();
    expect(await push()).toEqual(through(4n));
    expect(await consumer.metric('facts_duplicate_total')).toBe(4);
  });

  it('are asked for again from where a gap begins', async () => {
    const consumer = suite.start([noting()]);
    expect(await consumer.deliver({ bucket: 3, facts: factsOf(3, 8, 9) })).toEqual(through(0n));
  });

  it('are refused for now when the first of them fails, so that the sender waits', async () => {
    const consumer = suite.start([failingOn((sequence) => sequence === 2n)]);
    const push = () => consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) });
    expect(await push()).toEqual(through(1n));
    await expect(push()).rejects.toThrow(OutageError);
  });

  it('are stepped over after the last attempt, loudly', async () => {
    const consumer = suite.start([failingOn((sequence) => sequence === 2n)]);
    await eventually(async () => {
      const { appliedThrough } = await consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 4) });
      expect(appliedThrough).toBe(4n);
    });
    expect(consumer.events()).toEqual(['fact.failed', 'fact.failed', 'fact.dead-letter']);
    expect(await consumer.metric('facts_buried_total')).toBe(1);
  });

  it('are applied bucket by bucket when they are of several, and the answer says how far in each', async () => {
    const consumer = suite.start([noting()]);
    const facts = [...factsOf(3, 1, 2), ...factsOf(4, 1, 3), ...factsOf(9, 5, 6)];
    expect(await consumer.deliver({ bucket: 3, facts })).toEqual({
      appliedThrough: 2n,
      applied: [
        { bucket: 3, sequence: 2n },
        { bucket: 4, sequence: 3n },
        { bucket: 9, sequence: 0n },
      ],
    });
    expect(await suite.inbox.noted()).toEqual(['3-1', '3-2', '4-1', '4-2', '4-3']);
    expect(await consumer.metric('facts_applied_total')).toBe(5);
  });

  it('are answered for those buckets that do not fail', async () => {
    const consumer = suite.start([failingOn((sequence, bucket) => sequence === 1n && bucket === 4)]);
    const push = () => consumer.deliver({ bucket: 4, facts: [...factsOf(4, 1, 2), ...factsOf(5, 1, 2)] });
    const applied = [
      { bucket: 4, sequence: 0n },
      { bucket: 5, sequence: 2n },
    ];
    expect(await push()).toEqual({ appliedThrough: 0n, applied });
    expect(consumer.events()).toEqual(['fact.failed']);
  });

  it('are refused for good when they are not of the bucket that is told', async () => {
    const consumer = suite.start([noting()]);
    const push = consumer.deliver({ bucket: 3, facts: [fact(4, 1n), fact(3, 1n)] });
    await expect(push).rejects.toThrow(RpcError);
    expect(await suite.inbox.noted()).toEqual([]);
  });

  it('are none where somebody only asks how far the bucket is', async () => {
    const consumer = suite.start([noting()]);
    await consumer.deliver({ bucket: 3, facts: factsOf(3, 1, 2) });
    expect(await consumer.deliver({ bucket: 3, facts: [] })).toEqual(through(2n));
  });
});

describe('facts that never come', () => {
  it('are read from the balance app, over many pages', async () => {
    suite.source.committed.push(...factsOf(1, 1, 1_200), ...factsOf(2, 1, 3));
    const consumer = suite.start([noting()], { FACTS_CATCH_UP_INTERVAL_MS: 20 });
    await eventually(async () => expect(await suite.inbox.noted()).toHaveLength(1_203));
    await eventually(async () => expect(await consumer.metric('facts_pulled_total')).toBe(1_203));
    await eventually(async () => expect(await consumer.metric('facts_behind')).toBe(0));
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
    await eventually(() => suite.source.calls >= 3);
    suite.source.isAway = false;
    await eventually(async () => expect(await suite.inbox.noted()).toEqual(['1-1', '1-2', '1-3']));
  });
});

describe('dead letters', () => {
  it('are applied by a release that can', async () => {
    const before = suite.start([failingOn((sequence) => sequence === 2n)], { FACTS_ATTEMPTS_MAX: 1 });
    await before.deliver({ bucket: 3, facts: factsOf(3, 1, 3) });
    await before.stop();
    const after = suite.start([noting('failing')]);
    await eventually(async () => expect(await suite.inbox.noted('failing')).toContain('3-2'));
    await eventually(() => expect(after.events()).toEqual(['fact.dead-letters.applied']));
  });
});
