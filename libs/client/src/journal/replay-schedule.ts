import type { JournalReplayer, ReplayReport } from './journal-replayer.js';

export interface ReplayScheduleSettings {
  /** How soon after something was journalled the service is asked again. Doubles while it is away. Default 500. */
  readonly replayAfterMs?: number | undefined;
  /** The longest time between two attempts. Default 30,000. */
  readonly replayAfterMaxMs?: number | undefined;
  /** Told what stopped a replay, other than the service being away: credentials, a full disk, a newer service. */
  readonly onReplayFailed?: ((error: unknown) => void) | undefined;
}

const AFTER_MS = 500;
const AFTER_MAX_MS = 30_000;
const JITTER = 0.5;

/** Replays in the background as long as something waits. Does not keep the process alive. */
export class ReplaySchedule {
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isStopped = false;
  #underWay: Promise<void> = Promise.resolve();

  constructor(
    private readonly replayer: JournalReplayer,
    private readonly settings: ReplayScheduleSettings,
  ) {}

  /** Something waits. */
  soon(): void {
    if (this.#timer !== undefined || this.#isStopped) return;
    const { replayAfterMs = AFTER_MS, replayAfterMaxMs = AFTER_MAX_MS } = this.settings;
    const afterMs = Math.min(replayAfterMaxMs, replayAfterMs * 2 ** this.#failures);
    // Clients that lost the service together do not come back together.
    this.#timer = setTimeout(() => this.#begin(), afterMs * (1 - JITTER * Math.random()));
    this.#timer.unref();
  }

  /** Replays now. */
  async now(): Promise<ReplayReport> {
    const report = await this.replayer.replay();
    this.#after(report.pending);
    return report;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#underWay;
  }

  #begin(): void {
    this.#timer = undefined;
    this.#underWay = this.now().then(
      () => undefined,
      (error: unknown) => {
        this.settings.onReplayFailed?.(error);
        this.#after(1);
      },
    );
  }

  #after(pending: number): void {
    this.#failures = pending === 0 ? 0 : Math.min(this.#failures + 1, Math.log2(AFTER_MAX_MS));
    if (pending > 0) this.soon();
  }
}
