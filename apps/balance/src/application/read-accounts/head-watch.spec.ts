import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HeadMove } from '@steelyard/domain/posting';
import type { LoadedHead } from '../posting-engine/posting-storage.port.js';
import { HeadWatch } from './head-watch.js';

const SILENCE_MAX_MS = 1_000;

describe('HeadWatch', () => {
  let nowMs = 0;
  let watch: HeadWatch;

  const head = (sequence: bigint, writeId: bigint | null, bucket = 0): LoadedHead => ({
    bucket,
    sequence,
    committedAtMs: 0,
    writeId,
  });
  /** A write of this process from one head to the next. */
  const move = (from: LoadedHead, to: LoadedHead): HeadMove[] => {
    const { bucket, ...next } = to;
    return [{ bucket, expected: from.sequence, expectedWriteId: from.writeId, next }];
  };
  const look = (...heads: LoadedHead[]): void => watch.lookedAtAll(heads, nowMs);
  const [zero, first, second] = [head(0n, null), head(1n, 11n), head(2n, 22n)];

  beforeEach(() => {
    nowMs = 1_000;
    watch = new HeadWatch({ silenceMaxMs: SILENCE_MAX_MS, now: () => nowMs });
  });

  it('trusts nothing before it has looked', () => {
    expect(watch.isCurrent(0, nowMs)).toBe(false);
  });

  it('trusts what was read after it has looked, and not what was read before', () => {
    look(zero);
    expect(watch.isCurrent(0, 999)).toBe(false);
    expect(watch.isCurrent(0, 1_000)).toBe(false);
    expect(watch.isCurrent(0, 1_001)).toBe(true);
  });

  it('goes on trusting while heads stand still', () => {
    look(zero);
    nowMs = 1_500;
    look(zero);
    expect(watch.isCurrent(0, 1_001)).toBe(true);
  });

  it('distrusts a bucket that somebody else has written to, and no other', () => {
    look(zero, head(0n, null, 1));
    nowMs = 1_500;
    look(first, head(0n, null, 1));
    expect([watch.isCurrent(0, 1_400), watch.isCurrent(1, 1_400)]).toEqual([false, true]);
    expect(watch.isCurrent(0, 1_501)).toBe(true);
  });

  it('goes on trusting after its own writes', () => {
    look(zero);
    nowMs = 1_500;
    watch.began(move(zero, first));
    look(first);
    expect(watch.isCurrent(0, 1_400)).toBe(true);
    watch.committed(move(zero, first));
    look(first);
    expect(watch.isCurrent(0, 1_400)).toBe(true);
  });

  it('goes on trusting when several of its own are under way, one on the other', () => {
    look(zero);
    watch.began(move(zero, first));
    watch.began(move(first, second));
    nowMs = 1_500;
    look(second);
    watch.committed(move(zero, first));
    look(second);
    watch.committed(move(first, second));
    look(second);
    expect(watch.isCurrent(0, 1_400)).toBe(true);
  });

  it('is not misled by heads that were read before its own write', () => {
    look(zero);
    watch.began(move(zero, first));
    watch.committed(move(zero, first));
    nowMs = 1_500;
    look(zero);
    expect(watch.isCurrent(0, 1_400)).toBe(true);
  });

  it('notices by its own write that somebody wrote before it', () => {
    look(zero);
    nowMs = 1_500;
    watch.began(move(first, second));
    watch.committed(move(first, second));
    expect(watch.isCurrent(0, 1_400)).toBe(false);
  });

  it('distrusts what it committed when somebody has written after it before it heard of its commit', () => {
    look(zero);
    watch.began(move(zero, first));
    nowMs = 1_500;
    look(second);
    nowMs = 1_600;
    watch.committed(move(zero, first));
    expect(watch.isCurrent(0, 1_600)).toBe(false);
    expect(watch.isCurrent(0, 1_601)).toBe(true);
  });

  it('distrusts after a write of which nobody knows whether it was stored', () => {
    look(zero);
    watch.began(move(zero, first));
    nowMs = 1_500;
    watch.failed(move(zero, first));
    expect(watch.isCurrent(0, 1_400)).toBe(false);
    nowMs = 1_600;
    look(first);
    expect(watch.isCurrent(0, 1_550)).toBe(false);
  });

  it('tells apart two writes that end at the same sequence', () => {
    look(first);
    nowMs = 1_500;
    look(head(1n, 99n));
    expect(watch.isCurrent(0, 1_400)).toBe(false);
  });

  it('does not wait for a write that leaves its head where it is', () => {
    look(first);
    nowMs = 1_500;
    const refusals = move(first, first);
    watch.began(refusals);
    watch.committed(refusals);
    expect(watch.isCurrent(0, 1_400)).toBe(true);
  });

  it('trusts nothing when nobody has looked for too long', () => {
    look(zero);
    nowMs = 1_000 + SILENCE_MAX_MS;
    expect(watch.isCurrent(0, 1_001)).toBe(true);
    nowMs += 1;
    expect(watch.isCurrent(0, 1_001)).toBe(false);
  });
});
