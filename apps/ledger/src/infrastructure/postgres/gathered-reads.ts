import { OutageError } from '@steelyard/platform/postgres';

/** What bounds the statements of one kind of read. */
export interface GatheredReadsLimits {
  /** Statements under way at once. */
  readonly underWayMax: number;
  /** Questions that one statement answers. */
  readonly questionsMax: number;
  /** Questions that may wait for a statement; one more is an outage. */
  readonly waitingMax: number;
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers with one statement what was asked while others were under way: starting a statement costs more than the
 * few key lookups of a question. There is no timer: a question that comes alone is asked at once. A question is never
 * answered by a statement that began before it.
 */
export class GatheredReads<Question, Answer> {
  #waiting: Waiting<Question, Answer>[] = [];
  #underWay = 0;

  /** @param readAll one statement: as many answers as questions, in their order. */
  constructor(
    private readonly limits: GatheredReadsLimits,
    private readonly readAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  ) {}

  /** Rejects with what the statement failed with, or with an OutageError when too many wait already. */
  ask(question: Question): Promise<Answer> {
    if (this.#waiting.length >= this.limits.waitingMax) {
      return Promise.reject(new OutageError('more is asked than can be read; ask again later'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    const { underWayMax, questionsMax } = this.limits;
    while (this.#underWay < underWayMax && this.#waiting.length > 0) {
      this.#underWay += 1;
      void this.#answer(this.#waiting.splice(0, questionsMax));
    }
  }

  async #answer(together: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.readAll(together.map(({ question }) => question));
      if (answers.length !== together.length) throw new Error('there must be an answer to every question');
      answers.forEach((answer, index) => together[index]?.resolve(answer));
    } catch (error) {
      for (const { reject } of together) reject(error);
    } finally {
      this.#underWay -= 1;
      this.#start();
    }
  }
}
