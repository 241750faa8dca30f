import { describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/outage';
import { refused } from '@steelyard/rest/refusals';
import { LongChecks, type CheckStep } from './long-checks.js';

const WAITING = new AbortController().signal;
const BUSY = refused('RATE_LIMITED', 'many long checks are under way');

/** Answers with these cursors in turn, whatever it is asked, and keeps what that was. */
const answering = (...answers: (string | typeof BUSY)[]) => {
  const asked: string[] = [];
  const ask = async (cursor: string): Promise<CheckStep | typeof BUSY> => {
    asked.push(cursor);
    const answer = answers.shift();
    if (answer === undefined) throw new Error('nothing more was to be asked');
    return typeof answer === 'string' ? { nextCursor: answer } : answer;
  };
  return { ask, asked };
};

describe('long checks', () => {
  it('go from cursor to cursor and hand each step on', async () => {
    const { ask, asked } = answering('a', 'b', '');
    const taken: string[] = [];
    const last = await new LongChecks().run(WAITING, ask, ({ nextCursor }) => taken.push(nextCursor));
    expect([last, taken, asked]).toEqual([{ nextCursor: '' }, ['a', 'b', ''], ['', 'a', 'b']]);
  });

  it('end with the first refusal', async () => {
    const refusal = refused('ACCOUNT_NOT_FOUND', 'There is no account x');
    const { ask, asked } = answering('a', refusal, '');
    expect(await new LongChecks().run(WAITING, ask)).toBe(refusal);
    expect(asked).toEqual(['', 'a']);
  });

  it('do not begin when too many are under way', async () => {
    const { ask, asked } = answering(BUSY, '');
    expect(await new LongChecks().run(WAITING, ask)).toBe(BUSY);
    expect(asked).toEqual(['']);
  });

  it('are not given up because others began meanwhile', async () => {
    const { ask, asked } = answering('a', BUSY, '');
    expect(await new LongChecks().run(WAITING, ask)).toEqual({ nextCursor: '' });
    expect(asked).toEqual(['', 'a', 'a']);
  });

  it('end when nobody waits any more, with what the caller says of it', async () => {
    const caller = new AbortController();
    const { ask, asked } = answering('a', 'b', '');
    const run = new LongChecks().run(caller.signal, ask, ({ nextCursor }) => {
      if (nextCursor === 'b') caller.abort(new Error('hung up'));
    });
    await expect(run).rejects.toThrow('hung up');
    expect(asked).toEqual(['', 'a']);
  });

  it('end with the process, as an outage', async () => {
    const checks = new LongChecks();
    const { ask, asked } = answering('a', 'b', '');
    const run = checks.run(WAITING, ask, () => checks.onModuleDestroy());
    await expect(run).rejects.toBeInstanceOf(OutageError);
    expect(asked).toEqual(['']);
  });
});
