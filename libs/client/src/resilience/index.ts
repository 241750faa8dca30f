export { type CircuitState } from './circuit.js';
export { ResilientCaller, type Surroundings } from './resilient-caller.js';
export {
  resilienceFrom,
  type CircuitSettings,
  type Resilience,
  type ResilienceSettings,
} from './settings.js';
