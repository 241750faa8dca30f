import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@steelyard/platform/observability';
import { sqlStateOf } from '@steelyard/platform/postgres';
import type { Fact, FactInbox, HandlerFailure, InboxOutcome } from '../inbox/index.js';
import type { FactConsumerMetrics } from './fact-consumer.metrics.js';
import type { FactSource } from './fact-source.js';

/** What became of facts that were taken in. */
export interface Intake {
  /** The last fact of the bucket that is applied. */
  readonly through: bigint;
  /** The fact after it fails; nothing behind it is tried before this time. */
  readonly retryAtMs?: number;
}

/** Facts are shared out among the processes of an app: what is missing here is often being applied there. */
const GAP_PATIENCE_MS = 50;

/** The one way in which facts get into the inbox, whoever brings them; says what happens on the way. */
export class FactIntake {
  constructor(
    private readonly inbox: FactInbox,
    private readonly source: FactSource,
    private readonly metrics: FactConsumerMetrics,
    private readonly logger: Logger,
  ) {}

  /** Applies what follows the bucket's position and leaves what lies behind a gap. @throws OutageError */
  async apply(bucket: number, facts: readonly Fact[]): Promise<InboxOutcome> {
    return this.noted(await this.inbox.apply(bucket, facts));
  }

  /** The same for facts of several buckets at once; what came of each. @throws OutageError */
  async applyAll(facts: readonly Fact[]): Promise<ReadonlyMap<number, InboxOutcome>> {
    const outcomes = await this.inbox.applyAll(facts);
    for (const outcome of outcomes.values()) this.noted(outcome);
    return outcomes;
  }

  private noted(outcome: InboxOutcome): InboxOutcome {
    this.metrics.record(outcome, Date.now());
    for (const failure of outcome.buried) this.logger.error(described(failure), 'fact.dead-letter');
    const { obstacle } = outcome;
    if (obstacle?.reason === 'failing' && obstacle.failure) {
      this.logger.warn({ ...described(obstacle.failure), retryAtMs: obstacle.retryAtMs }, 'fact.failed');
    }
    return outcome;
  }

  /**
   * Applies facts, reading those that are missing before them from the balance app.
   *
   * @param onProgress called after each page that was read: it may be many.
   * @throws OutageError when the database or the balance app is away.
   */
  async take(bucket: number, facts: readonly Fact[], onProgress?: () => void): Promise<Intake> {
    let outcome = await this.apply(bucket, facts);
    if (outcome.obstacle?.reason === 'gap') {
      await delay(GAP_PATIENCE_MS);
      outcome = await this.apply(bucket, facts);
    }
    while (outcome.obstacle?.reason === 'gap') {
      const { isAtEnd, intake } = await this.#pullPage(bucket, outcome.through);
      onProgress?.();
      if (intake.retryAtMs !== undefined) return intake;
      if (isAtEnd) {
        // A database restored to an earlier time that kept its deployment id, or a balance app on a replica that lags.
        this.logger.error({ bucket, ...sequences(outcome) }, 'fact.unknown');
        return intake;
      }
      outcome = await this.apply(bucket, facts);
    }
    return intakeOf(outcome);
  }

  /** Reads facts of a bucket from the balance app until a sequence is applied, or one of them fails. @throws OutageError */
  async pullThrough(bucket: number, from: bigint, head: bigint): Promise<Intake> {
    let through = from;
    while (through < head) {
      const { isAtEnd, intake } = await this.#pullPage(bucket, through);
      if (isAtEnd || intake.retryAtMs !== undefined) return intake;
      through = intake.through;
    }
    return { through };
  }

  /** The end: the balance app has no facts after the sequence. */
  async #pullPage(bucket: number, after: bigint): Promise<{ isAtEnd: boolean; intake: Intake }> {
    const page = await this.source.readAfter(bucket, after);
    if (page.length === 0) return { isAtEnd: true, intake: { through: after } };
    this.metrics.countPulled(page.length);
    const intake = intakeOf(await this.apply(bucket, page));
    return { isAtEnd: intake.through <= after, intake };
  }
}

function intakeOf({ through, obstacle }: InboxOutcome): Intake {
  return obstacle?.reason === 'failing' ? { through, retryAtMs: obstacle.retryAtMs } : { through };
}

function sequences({ through, obstacle }: InboxOutcome): Record<string, string> {
  const given = obstacle?.reason === 'gap' ? { given: obstacle.nextGiven.toString() } : {};
  return { through: through.toString(), ...given };
}

// The message may hold a row's values; it is in the dead letter, for those who may read the database.
function described({ handler, fact, error }: HandlerFailure): Record<string, unknown> {
  const { bucket, sequence, factId, kind } = fact;
  const state = sqlStateOf(error);
  const place = { handler, bucket, sequence: sequence.toString(), factId, kind };
  return state === undefined ? { ...place, error } : { ...place, sqlState: state, error };
}
