import { OutageError } from '../outage/index.js';

/** Nobody answered over NATS. An answer that tells of an outage behind the peer is a plain OutageError instead. */
export class NoAnswerError extends OutageError {
  constructor(
    subject: string,
    /** The deadline passed; else it is known at once that there will be no answer. */
    readonly isTimeout: boolean,
    options?: ErrorOptions,
  ) {
    super(`${subject}: no answer over NATS`, options);
  }
}
