import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/**
 * Gives Nest our logger. What Nest says about itself while it starts is of interest when something is wrong
 * with the wiring only, so it goes to `debug`.
 */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(this.#fields(message, rest), 'nest.log');
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#logger.trace(this.#fields(message, rest), 'nest.debug');
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#logger.trace(this.#fields(message, rest), 'nest.verbose');
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#logger.warn(this.#fields(message, rest), 'nest.warning');
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#logger.error(this.#fields(message, rest), 'nest.error');
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#logger.fatal(this.#fields(message, rest), 'nest.fatal');
  }

  // Nest passes the context last, and a stack before it when the message is an error's.
  #fields(message: unknown, rest: readonly unknown[]): Record<string, unknown> {
    const context = rest.at(-1);
    const named = typeof context === 'string' ? { context } : {};
    const error = [message, ...rest].find((part) => part instanceof Error);
    if (error) return { ...named, error };
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? { stack: rest[0] } : {};
    return { ...named, ...stack, text: String(message) };
  }
}
