import { SteelyardUnavailableError } from '../answers/index.js';

/** Sends requests together; one reply a request, in order. */
export type SendTogether<Request, Reply> = (
  requests: readonly Request[],
  deadlineMs: number | undefined,
) => Promise<readonly Reply[]>;

interface Waiting<Request, Reply> {
  readonly request: Request;
  readonly deadlineMs: number | undefined;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests that arrive in one turn of the event loop go together, in their order. */
export class TurnBatcher<Request, Reply> {
  #collected: Waiting<Request, Reply>[] = [];
  #underWay = 0;

  /**
   * @param sizeMax requests that go together
   * @param underWayMax requests that may wait for their answers; more are turned away at once
   */
  constructor(
    private readonly send: SendTogether<Request, Reply>,
    private readonly sizeMax: number,
    private readonly underWayMax: number,
  ) {}

  /** @throws SteelyardUnavailableError as the exchange that carried it, or when too many wait already */
  add(request: Request, deadlineMs: number | undefined): Promise<Reply> {
    if (this.#underWay >= this.underWayMax) {
      const message = `${this.underWayMax} operations are under way already`;
      const details = { reason: 'overloaded', maybeApplied: false } as const;
      return Promise.reject(new SteelyardUnavailableError(message, details));
    }
    this.#underWay++;
    const reply = new Promise<Reply>((resolve, reject) => {
      if (this.#collected.length === 0) setImmediate(() => this.#flush());
      this.#collected.push({ request, deadlineMs, resolve, reject });
    });
    return reply.finally(() => this.#underWay--);
  }

  #flush(): void {
    const collected = this.#collected;
    this.#collected = [];
    // What has another deadline goes by itself: nobody waits longer than he said.
    for (const group of Map.groupBy(collected, ({ deadlineMs }) => deadlineMs).values()) {
      for (let from = 0; from < group.length; from += this.sizeMax) {
        void this.#sendAll(group.slice(from, from + this.sizeMax));
      }
    }
  }

  async #sendAll(group: readonly Waiting<Request, Reply>[]): Promise<void> {
    try {
      const replies = await this.send(
        group.map(({ request }) => request),
        group[0]?.deadlineMs,
      );
      for (const [index, { resolve, reject }] of group.entries()) {
        const reply = replies[index];
        if (reply === undefined) reject(new Error('there was no reply for a request'));
        else resolve(reply);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
