import { Clock } from '../application/clock.port.js';

/** The machine's own time. */
export class SystemClock extends Clock {
  override nowMs(): number {
    return Date.now();
  }
}
