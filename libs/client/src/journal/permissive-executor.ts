import {
  refused,
  SteelyardUnavailableError,
  type Journalled,
  type ReadResult,
  type Result,
} from '../answers/index.js';
import type { BatchCommand, BatchMode, CallOptions, Executor, Keyed } from '../dispatch/index.js';
import {
  lanesOf,
  refuseUncarriable,
  type BatchKind,
  type OperationKind,
  type OperationValues,
  type Queries,
  type QueryKind,
  type QueryValues,
} from '../operations/index.js';
import type { OperationJournal } from './operation-journal.js';
import { withRealReservation } from './replay-command.js';

/**
 * Lets the caller go on while the service is away: what cannot be sent is journalled. What would overtake an
 * operation that still waits is journalled behind it.
 */
export class PermissiveExecutor implements Executor<Journalled> {
  constructor(
    private readonly service: Executor,
    private readonly journal: OperationJournal,
    /** Called when something waits. */
    private readonly replaySoon: () => void,
  ) {}

  async execute<Kind extends OperationKind>(
    command: Keyed<Kind>,
    options: CallOptions,
  ): Promise<Result<OperationValues[Kind]> | Journalled> {
    const fault = refuseUncarriable(command.input);
    if (fault) return fault;
    if (this.journal.isBehind(lanesOf(command.kind, command.input))) return this.#journal(command, false);
    const real = withRealReservation(command, (name) => this.journal.linkOf(name));
    if ('error' in real) return real;
    try {
      return await this.service.execute(real, options);
    } catch (error) {
      if (!(error instanceof SteelyardUnavailableError)) throw error;
      return this.#journal(real, error.maybeApplied);
    }
  }

  /** An atomic batch cannot wait: its items would be sent one by one. It throws while the service is away. */
  async executeBatch(
    mode: BatchMode,
    commands: readonly BatchCommand[],
    options: CallOptions,
  ): Promise<readonly (Result<OperationValues[BatchKind]> | Journalled)[]> {
    const isBehind = commands.some((command) => this.journal.isBehind(lanesOfAny(command)));
    if (isBehind && mode === 'atomic') throw behindJournal();
    if (isBehind) return this.#journalAll(commands, false);
    try {
      return await this.service.executeBatch(mode, commands, options);
    } catch (error) {
      if (!(error instanceof SteelyardUnavailableError) || mode === 'atomic') throw error;
      return this.#journalAll(commands, error.maybeApplied);
    }
  }

  query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    options: CallOptions,
  ): Promise<ReadResult<QueryValues[Kind]>> {
    const reservationId = 'reservationId' in input ? this.journal.linkOf(input.reservationId) : undefined;
    if (reservationId === null) {
      return Promise.resolve(
        refused('RESERVATION_NOT_FOUND', 'The reservation was refused when it was sent'),
      );
    }
    return this.service.query(
      kind,
      reservationId === undefined ? input : { ...input, reservationId },
      options,
    );
  }

  close(): Promise<void> {
    return this.service.close();
  }

  #journalAll(
    commands: readonly BatchCommand[],
    maybeSent: boolean,
  ): Promise<readonly (Result<never> | Journalled)[]> {
    const journalled = commands.map(async (command) => {
      return refuseUncarriable(command.input) ?? (await this.#journal<BatchKind>(command, maybeSent));
    });
    return Promise.all(journalled);
  }

  async #journal<Kind extends OperationKind>(command: Keyed<Kind>, maybeSent: boolean): Promise<Journalled> {
    const { idempotencyKey, provisionalId } = await this.journal.append(command, maybeSent);
    this.replaySoon();
    const journalled = { ok: true, journalled: true, idempotencyKey } as const;
    return provisionalId === undefined ? journalled : { ...journalled, reservationId: provisionalId };
  }
}

function lanesOfAny({ kind, input }: Keyed<BatchKind>): readonly string[] {
  return lanesOf<BatchKind>(kind, input);
}

function behindJournal(): SteelyardUnavailableError {
  const message = 'operations on the same accounts still wait in the journal, and an atomic batch cannot';
  return new SteelyardUnavailableError(message, { reason: 'unavailable', maybeApplied: false });
}
