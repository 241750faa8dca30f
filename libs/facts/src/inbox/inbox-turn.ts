import { factsV1 } from '@steelyard/contracts/grpc';
import type { Fact, FactHandler, FactTransaction } from './fact-handler.js';
import { runHandlers, runHandlersUnguarded, type Announcement } from './handler-run.js';
import type { InboxStatements } from './inbox.sql.js';
import type { HandlerFailure, InboxSettings, Obstacle } from './inbox.types.js';

/** Where a bucket stands; the row is locked. */
export interface InboxPosition {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly attempts: number;
  readonly retryAtMs: number;
}

export interface TurnContext {
  readonly statements: InboxStatements;
  readonly handlers: readonly FactHandler[];
  readonly settings: InboxSettings;
  readonly nowMs: number;
  /** True: a handler that fails is found and waited for. False: its failure is thrown. */
  readonly isGuarded: boolean;
}

/** What became of the facts of one transaction. */
export interface TurnResult {
  readonly through: bigint;
  readonly applied: readonly Fact[];
  readonly buried: readonly HandlerFailure[];
  readonly obstacle?: Obstacle;
  /** To be called once the transaction is committed. */
  readonly announcements: readonly Announcement[];
}

const ERROR_LENGTH_MAX = 2_000;
/** A fact that fails for a minute keeps its bucket waiting that much longer with each attempt; this is long enough. */
const RETRY_DELAY_MAX_MS = 60_000;

/** One turn of a bucket: applies facts behind its position within the transaction that holds its row. */
export class InboxTurn {
  private readonly applied: Fact[] = [];
  private readonly buried: HandlerFailure[] = [];
  private readonly announcements: Announcement[] = [];

  constructor(
    private readonly transaction: FactTransaction,
    private position: InboxPosition,
    private readonly context: TurnContext,
  ) {}

  /** @param facts without gaps, the first one right behind the position. */
  async run(facts: readonly Fact[]): Promise<TurnResult> {
    if (facts.length === 0) return this.result();
    const { attempts, retryAtMs } = this.position;
    if (attempts > 0 && retryAtMs > this.context.nowMs) return this.result({ reason: 'failing', retryAtMs });
    let rest = facts;
    while (rest.length > 0) {
      const isGuarded = this.context.isGuarded || this.position.attempts > 0;
      const apply = isGuarded ? runHandlers : runHandlersUnguarded;
      const run = await apply(this.transaction, this.context.handlers, rest);
      const { taken, failure } = run;
      this.announcements.push(...run.announcements);
      this.pass(rest.slice(0, taken));
      if (failure === undefined) break;
      const retryAtMs = await this.failed(failure);
      if (retryAtMs !== undefined) return this.result({ reason: 'failing', retryAtMs, failure });
      rest = rest.slice(taken + 1);
    }
    await this.save();
    return this.result();
  }

  private pass(facts: readonly Fact[]): void {
    this.applied.push(...facts);
    const last = facts.at(-1);
    if (last !== undefined) this.moveTo(last);
  }

  /** When to try the fact again, or undefined when it was stepped over. */
  private async failed(failure: HandlerFailure): Promise<number | undefined> {
    const attempts = this.position.attempts + 1;
    const { attemptsMax, retryDelayMs } = this.context.settings;
    if (attempts >= attemptsMax) {
      await this.stepOver(failure.fact, attempts);
      return undefined;
    }
    const retryAtMs = this.context.nowMs + Math.min(retryDelayMs * 2 ** (attempts - 1), RETRY_DELAY_MAX_MS);
    this.position = { ...this.position, attempts, retryAtMs };
    await this.save();
    return retryAtMs;
  }

  /** The handlers that can apply the fact do: one must not suffer from another. */
  private async stepOver(fact: Fact, attempts: number): Promise<void> {
    let isBuried = false;
    for (const handler of this.context.handlers) {
      const { failure, announcements } = await runHandlers(this.transaction, [handler], [fact]);
      this.announcements.push(...announcements);
      if (failure === undefined) continue;
      await this.bury(failure, attempts);
      this.buried.push(failure);
      isBuried = true;
    }
    if (!isBuried) this.applied.push(fact);
    this.moveTo(fact);
  }

  private async bury({ handler, fact, error }: HandlerFailure, attempts: number): Promise<void> {
    const { bucket, sequence } = fact;
    const bytes = factsV1.Fact.encode(fact).finish();
    const values = [bucket, sequence, handler, bytes, errorText(error), attempts, this.context.nowMs];
    await this.transaction.query({ ...this.context.statements.bury, values });
  }

  private moveTo({ sequence }: Fact): void {
    this.position = { bucket: this.position.bucket, sequence, attempts: 0, retryAtMs: 0 };
  }

  private async save(): Promise<void> {
    const { bucket, sequence, attempts, retryAtMs } = this.position;
    const values = [bucket, sequence, this.context.nowMs, attempts, retryAtMs];
    await this.transaction.query({ ...this.context.statements.move, values });
  }

  private result(obstacle?: Obstacle): TurnResult {
    const { applied, buried, announcements } = this;
    const reached = { through: this.position.sequence, applied, buried, announcements };
    return obstacle === undefined ? reached : { ...reached, obstacle };
  }
}

/** What an operator needs to know of an error, in a column of text. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll('\u0000', '').slice(0, ERROR_LENGTH_MAX);
}
