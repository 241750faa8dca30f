import { Counter, Gauge, type Registry } from 'prom-client';
import { CheckGate } from './application/account-check/check-gate.js';
import { CheckPace } from './application/account-check/check-pace.js';
import type { Clock } from './application/clock.port.js';

/** How long checks are taken by this process: all services that have any share its few places. */
export function composeChecks(clock: Clock, sliceMs: number, registry: Registry): CheckPace {
  const gate = new CheckGate();
  measure(gate, registry);
  return new CheckPace(gate, clock, sliceMs);
}

function measure(gate: CheckGate, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'ledger_checks',
    help: 'Slices of long checks that callers asked for, under way and waiting for their turn',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'under_way' }, gate.load.underWay);
      this.set({ state: 'waiting' }, gate.load.waiting);
    },
  });
  new Counter({
    name: 'ledger_check_slices_total',
    help: 'Slices of long checks that were begun, and those that were refused because too many waited',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      this.inc({ outcome: 'begun' }, gate.load.begun);
      this.inc({ outcome: 'refused' }, gate.load.refused);
    },
  });
}
