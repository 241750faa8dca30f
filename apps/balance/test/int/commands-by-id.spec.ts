import { describe, expect, it } from '@jest/globals';
import type { Answer } from '@steelyard/domain/posting';
import type { Reservation, ReservationTerms } from '@steelyard/domain/reservations';
import type { CommandRequest } from '../../src/application/execute-commands/command-request.js';
import { ExecuteCommandsHandler } from '../../src/application/execute-commands/execute-commands.handler.js';
import { PostgresPostingStorage } from '../../src/infrastructure/postgres/postgres-posting-storage.js';
import * as commands from '../support/commands.js';
import { engineOver, STORAGE_OPTIONS } from '../support/test-engine.js';
import { useBalanceDatabase, type Connections } from '../support/use-balance-database.js';

/** The real storage, which counts what is looked up. */
class CountingStorage extends PostgresPostingStorage {
  readonly lookedUp: (readonly string[])[] = [];

  constructor({ pool, writers }: Connections) {
    super(pool, writers, STORAGE_OPTIONS);
  }

  override findReservations(ids: readonly string[]): Promise<ReadonlyMap<string, ReservationTerms>> {
    this.lookedUp.push(ids);
    return super.findReservations(ids);
  }
}

describe('commands that name a reservation by its id', () => {
  const database = useBalanceDatabase();

  const handlerOver = (connections: Connections) => {
    const storage = new CountingStorage(connections);
    const { engine } = engineOver(storage);
    return { storage, handler: new ExecuteCommandsHandler(engine, storage, database.buckets) };
  };
  const request = (
    command: CommandRequest['command'],
    over: Partial<CommandRequest> = {},
  ): CommandRequest => ({
    command,
    idempotencyKey: commands.nextKey(),
    atomicGroup: 0,
    isDryRun: false,
    ...over,
  });
  const commit = (reservationId: string, over: Partial<CommandRequest> = {}): CommandRequest =>
    request({ kind: 'commit-reservation-by-id', reservationId, details: {} }, over);
  const release = (reservationId: string): CommandRequest =>
    request({ kind: 'release-reservation-by-id', reservationId, details: {} });
  const kinds = (answers: readonly Answer[]): string[] =>
    answers.map(({ outcome }) => (outcome.kind === 'refusal' ? outcome.code : outcome.kind));

  const made = async (
    handler: ExecuteCommandsHandler,
    count: number,
    over: Partial<CommandRequest> = {},
  ): Promise<Reservation[]> => {
    const alice = commands.accountIds()('alice');
    await handler.execute([request(commands.deposit(alice, 100n))]);
    const reserves = Array.from({ length: count }, () => request(commands.reserve(alice, 1n), over));
    return (await handler.execute(reserves)).flatMap(({ outcome }) =>
      outcome.kind === 'reservation' ? [outcome.reservation] : [],
    );
  };

  it('are looked up in one query, and an unknown id refuses only its own command', async () => {
    const ids = (await made(handlerOver(database.connections).handler, 3)).map((one) => one.reservationId);
    const [first = '', second = '', third = ''] = ids;
    const { storage, handler } = handlerOver(await database.connect());
    const answers = await handler.execute([
      commit(first),
      commit('unknown'),
      release(second.toUpperCase()),
      request(commands.deposit(commands.accountIds()('bob'), 1n)),
      commit(first),
      request({ kind: 'extend-reservation-by-id', reservationId: third, timeoutMs: 60_000, details: {} }),
    ]);
    expect(kinds(answers)).toEqual([
      'reservation',
      'RESERVATION_NOT_FOUND',
      'reservation',
      'transaction',
      'reservation',
      'reservation',
    ]);
    expect(storage.lookedUp).toEqual([[first, 'unknown', second, third]]);
    await handler.execute([commit(third)]);
    expect(storage.lookedUp).toHaveLength(1);
  });

  it('need no query where the reservation was made', async () => {
    const { storage, handler } = handlerOver(database.connections);
    const [reservation] = await made(handler, 1);
    expect(kinds(await handler.execute([commit(reservation?.reservationId ?? '')]))).toEqual(['reservation']);
    expect(storage.lookedUp).toEqual([]);
  });

  it('do not find what a dry run would have made', async () => {
    const { storage, handler } = handlerOver(database.connections);
    const [asked] = await made(handler, 1, { isDryRun: true });
    expect(asked).toBeDefined();
    expect(kinds(await handler.execute([commit(asked?.reservationId ?? '')]))).toEqual([
      'RESERVATION_NOT_FOUND',
    ]);
    expect(storage.lookedUp).toHaveLength(1);
  });

  it('refuse their whole atomic group when the reservation is unknown', async () => {
    const { handler } = handlerOver(database.connections);
    const group = { atomicGroup: 1 };
    const bob = commands.accountIds()('bob');
    const answers = await handler.execute([
      request(commands.deposit(bob, 1n), group),
      commit('unknown', group),
    ]);
    expect(kinds(answers)).toEqual(['ATOMIC_BATCH_REFUSED', 'RESERVATION_NOT_FOUND']);
  });
});
