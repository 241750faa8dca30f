import { describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/postgres';
import { GatheredReads } from './gathered-reads.js';

interface Statement {
  readonly questions: readonly string[];
  answer(answers: readonly string[]): void;
  fail(error: Error): void;
}

/** Statements are answered by hand, so that what goes together is known. */
function gathering(limits: { underWayMax: number; questionsMax: number; waitingMax: number }) {
  const statements: Statement[] = [];
  const reads = new GatheredReads<string, string>(
    limits,
    (questions) =>
      new Promise((answer, fail) => {
        statements.push({ questions, answer, fail });
      }),
  );
  const asked = (): readonly (readonly string[])[] => statements.map(({ questions }) => questions);
  return { reads, statements, asked };
}

describe('GatheredReads', () => {
  it('asks what comes alone at once, and together what comes while statements are under way', async () => {
    const { reads, statements, asked } = gathering({ underWayMax: 2, questionsMax: 3, waitingMax: 10 });
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((question) => reads.ask(question));
    expect(asked()).toEqual([['a'], ['b']]);
    statements[1]?.answer(['B']);
    expect(await answers[1]).toBe('B');
    expect(asked()).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    statements[2]?.answer(['C', 'D', 'E']);
    expect(await Promise.all(answers.slice(2, 5))).toEqual(['C', 'D', 'E']);
    statements[0]?.answer(['A']);
    statements[3]?.answer(['F']);
    expect(await Promise.all([answers[0], answers[5]])).toEqual(['A', 'F']);
  });

  it('tells everyone of a statement that it failed, and goes on with the next', async () => {
    const { reads, statements, asked } = gathering({ underWayMax: 1, questionsMax: 2, waitingMax: 10 });
    const first = reads.ask('a');
    const [second, third, fourth] = ['b', 'c', 'd'].map((question) => reads.ask(question));
    statements[0]?.answer(['A']);
    await first;
    statements[1]?.fail(new OutageError('gone'));
    await expect(second).rejects.toThrow('gone');
    await expect(third).rejects.toThrow('gone');
    expect(asked()).toEqual([['a'], ['b', 'c'], ['d']]);
    statements[2]?.answer(['D']);
    expect(await fourth).toBe('D');
  });

  it('turns away what would wait behind too many', async () => {
    const { reads, statements } = gathering({ underWayMax: 1, questionsMax: 1, waitingMax: 1 });
    const [first, second] = [reads.ask('a'), reads.ask('b')];
    await expect(reads.ask('c')).rejects.toBeInstanceOf(OutageError);
    statements[0]?.answer(['A']);
    expect(await first).toBe('A');
    statements[1]?.answer(['B']);
    expect(await second).toBe('B');
  });

  it('fails rather than give one caller the answer of another', async () => {
    const { reads, statements } = gathering({ underWayMax: 1, questionsMax: 2, waitingMax: 2 });
    const answer = reads.ask('a');
    statements[0]?.answer([]);
    await expect(answer).rejects.toThrow('an answer to every question');
  });
});
