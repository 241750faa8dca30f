import { hash } from 'node:crypto';

/** What the first line goes on from. */
const BEFORE_FIRST = 'GENESIS';
/** Digits of the hash that each line carries: enough to name the line that a copy spoiled. */
const CHECK_DIGITS = 12;
const CHECK_PATTERN = /^(.*),"check":"([0-9a-f]{12})"\}$/s;

/** The hash over an archive: each line's is over the hash of the line before and the line's own text. */
export class RunningHash {
  /** Lower-case hex SHA-256 of all lines so far. */
  value = BEFORE_FIRST;

  /**
   * Takes a line in and completes it.
   *
   * @param text a JSON object without its closing brace.
   */
  close(text: string): string {
    this.#take(text);
    return `${text},"check":"${this.value.slice(0, CHECK_DIGITS)}"}`;
  }

  /** Takes a complete line in; false when it is not the one that was written after the lines before. */
  agrees(line: string): boolean {
    const [, text, check] = CHECK_PATTERN.exec(line) ?? [];
    if (text === undefined || check === undefined) return false;
    this.#take(text);
    return this.value.startsWith(check);
  }

  #take(text: string): void {
    this.value = hash('sha256', this.value + text, 'hex');
  }
}
