import { factsV1 } from '@steelyard/contracts/grpc';
import { inTransaction } from '@steelyard/platform/postgres';
import type { FactHandler, FactTransaction } from './fact-handler.js';
import { runHandlers, type Announcement } from './handler-run.js';
import { errorText } from './inbox-turn.js';
import { inboxStatements, type InboxStatements } from './inbox.sql.js';
import type { FactDatabase, HandlerFailure, InboxSettings } from './inbox.types.js';

/** Names one dead letter. */
interface LetterKey {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly handler: string;
}

export interface Redelivery {
  /** Dead letters that took effect and are gone. */
  readonly applied: number;
  readonly failures: readonly HandlerFailure[];
}

type LetterResult = readonly ['applied' | HandlerFailure | undefined, readonly Announcement[]];

/** A page of keys; each letter has a transaction of its own. */
const PAGE_SIZE = 100;
const BEFORE_ALL: LetterKey = { bucket: -1, sequence: 0n, handler: '' };

/** Facts that were stepped over, and how they are applied after all. */
export class DeadLetters {
  readonly #statements: InboxStatements;
  readonly #now: () => number;

  constructor(
    private readonly database: FactDatabase,
    private readonly handlers: readonly FactHandler[],
    settings: Pick<InboxSettings, 'schema' | 'now'>,
  ) {
    this.#statements = inboxStatements(settings.schema);
    this.#now = settings.now ?? Date.now;
  }

  /** How many there are. @throws OutageError */
  async count(): Promise<bigint> {
    const { rows } = await this.database.pool.query<{ letters: bigint }>(this.#statements.countDead);
    return rows[0]?.letters ?? 0n;
  }

  /**
   * Gives each dead letter to its handler once more, in order: the cause may have been put right. One that takes
   * effect is gone, in the same transaction. Letters of handlers that this release does not have are left alone.
   *
   * @throws OutageError when the database is away; what was applied until then is.
   */
  async redeliver(): Promise<Redelivery> {
    let applied = 0;
    const failures: HandlerFailure[] = [];
    let after = BEFORE_ALL;
    for (;;) {
      const keys = await this.#page(after);
      for (const key of keys) {
        const result = await this.#redeliverOne(key);
        if (result === 'applied') applied += 1;
        else if (result !== undefined) failures.push(result);
      }
      const last = keys.at(-1);
      if (last === undefined || keys.length < PAGE_SIZE) return { applied, failures };
      after = last;
    }
  }

  async #page({ bucket, sequence, handler }: LetterKey): Promise<readonly LetterKey[]> {
    const values = [bucket, sequence, handler, PAGE_SIZE];
    const { rows } = await this.database.pool.query<LetterKey>({ ...this.#statements.listDead, values });
    return rows;
  }

  async #redeliverOne(key: LetterKey): Promise<'applied' | HandlerFailure | undefined> {
    const handler = this.handlers.find(({ name }) => name === key.handler);
    if (handler === undefined) return undefined;
    const [result, announcements] = await inTransaction(this.database.pool, (client) =>
      this.#redeliverLocked(client, key, handler),
    );
    for (const announce of announcements) announce();
    return result;
  }

  async #redeliverLocked(
    client: FactTransaction,
    key: LetterKey,
    handler: FactHandler,
  ): Promise<LetterResult> {
    // The bucket's row first, as everyone: a handler never works on one bucket twice at a time.
    await client.query({ ...this.#statements.lock, values: [[key.bucket]] });
    const values = [key.bucket, key.sequence, key.handler];
    const { rows } = await client.query<{ fact: Buffer }>({ ...this.#statements.lockDead, values });
    const [row] = rows;
    // Another process was faster.
    if (row === undefined) return [undefined, []];
    const { failure, announcements } = await runHandlers(client, [handler], [factsV1.Fact.decode(row.fact)]);
    if (failure === undefined) await client.query({ ...this.#statements.forgetDead, values });
    else await this.#buryAgain(client, failure, row.fact);
    return [failure ?? 'applied', announcements];
  }

  async #buryAgain(
    transaction: FactTransaction,
    { fact, handler, error }: HandlerFailure,
    bytes: Buffer,
  ): Promise<void> {
    const values = [fact.bucket, fact.sequence, handler, bytes, errorText(error), 1, this.#now()];
    await transaction.query({ ...this.#statements.bury, values });
  }
}
