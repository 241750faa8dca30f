/** One thing without which an app cannot do its work. */
export abstract class ReadinessCheck {
  /** Shown in /ready and in logs. */
  abstract readonly name: string;

  /** Resolves when it is there. The caller bounds the time it takes. */
  abstract check(): Promise<void>;

  /** Gives back what the check holds, at shutdown. */
  async close(): Promise<void> {
    // Most checks hold nothing.
  }
}
