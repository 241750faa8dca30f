import type { BatchingSettings, Executor } from '../dispatch/index.js';
import {
  ResilientCaller,
  resilienceFrom,
  type CircuitState,
  type ResilienceSettings,
} from '../resilience/index.js';
import { Steelyard } from './steelyard.js';
import type { Transport } from './transport.js';

export interface SteelyardClientSettings extends ResilienceSettings {
  readonly transport: Transport;
  /**
   * Operations of one turn of the event loop go as one request. `true`: at most 100 together. Default: each goes by
   * itself at once.
   */
  readonly batch?: boolean | BatchingSettings | undefined;
}

/** The service, over one transport, with retries, deadlines and a circuit breaker. */
export class SteelyardClient extends Steelyard {
  /** @internal */
  readonly executor: Executor;
  readonly #caller: ResilientCaller;

  /** @throws RangeError that names a setting which is out of range */
  constructor({ transport, batch, ...settings }: SteelyardClientSettings) {
    const caller = new ResilientCaller(resilienceFrom(settings));
    const executor = transport.connect(caller, batching(batch));
    super(executor);
    this.executor = executor;
    this.#caller = caller;
  }

  /** Of the circuit: `open` means that calls fail at once, because the last ones were not answered. */
  get state(): CircuitState {
    return this.#caller.circuit.state;
  }

  /** Calls the listener with every new state; returns what ends that. */
  onStateChange(listener: (state: CircuitState) => void): () => void {
    return this.#caller.circuit.onStateChange(listener);
  }
}

function batching(batch: SteelyardClientSettings['batch']): BatchingSettings | undefined {
  if (batch === undefined || batch === false) return undefined;
  return batch === true ? {} : batch;
}
