import { CheckGate } from '../../src/application/account-check/check-gate.js';
import { CheckPace } from '../../src/application/account-check/check-pace.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';

const UNHURRIED_MS = 60_000;

/** Everything in one slice. */
export function unhurried(): CheckPace {
  return new CheckPace(new CheckGate(), new SystemClock(), UNHURRIED_MS);
}

/** The time is up at once: a slice is the least that there is, so it is the same every time. */
export function pageByPage(): CheckPace {
  return new CheckPace(new CheckGate(), new SystemClock(), 0);
}
