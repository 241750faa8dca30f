import type { balanceV1 } from '@steelyard/contracts/grpc';
import { OutageError } from '@steelyard/platform/outage';
import type { BalancePort } from './balance.port.js';
import { commandBytes } from './command-bytes.js';
import { TurnBatcher, type TurnBatcherLimits } from './turn-batcher.js';

/** Sends commands to the balance app, those of one turn of the event loop as one call. */
export class CommandDispatcher {
  readonly #batcher: TurnBatcher<balanceV1.Command, balanceV1.Outcome>;

  constructor(
    balance: BalancePort,
    readonly limits: TurnBatcherLimits,
  ) {
    this.#batcher = new TurnBatcher<balanceV1.Command, balanceV1.Outcome>({
      limits,
      send: (commands) => balance.execute(commands),
      bytesOf: commandBytes,
      overloaded: () => new OutageError('too many commands are waiting for the balance service'),
      now: Date.now,
    });
  }

  /** Executes one command. Throws an outage when nothing is known about its outcome. */
  execute(command: balanceV1.Command): Promise<balanceV1.Outcome> {
    return this.#batcher.submit(command);
  }

  /** Executes commands in order as one call of their own, within {@link limits}. */
  executeTogether(commands: readonly balanceV1.Command[]): Promise<readonly balanceV1.Outcome[]> {
    return this.#batcher.submitTogether(commands);
  }
}
