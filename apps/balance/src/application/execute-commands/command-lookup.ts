import type { Answer, Command, ReversibleTransaction } from '@steelyard/domain/posting';
import type { ReservationTerms } from '@steelyard/domain/reservations';
import { refuse, type Refusal } from '@steelyard/domain/result';
import type { PostingStorage } from '../posting-engine/posting-storage.port.js';
import type { CommandById, CommandRequest, ReservationStepById, ReverseById } from './command-request.js';
import { TermsCache } from './terms-cache.js';

/** What the ids in one request stand for. Ids are in lower case, as the platform gives them out. */
export interface LookedUp {
  readonly transactions: ReadonlyMap<string, ReversibleTransaction>;
  readonly reservations: ReadonlyMap<string, ReservationTerms>;
}

/** For a request that names nothing. */
export const NOTHING_LOOKED_UP: LookedUp = { transactions: new Map(), reservations: new Map() };

/**
 * Finds what commands name by id. It can never change, so that it may be read long before the command's turn comes.
 */
export class CommandLookup {
  readonly #storage: PostingStorage;
  readonly #terms = new TermsCache();

  constructor(storage: PostingStorage) {
    this.#storage = storage;
  }

  /** All that the commands of a request name. Throws OutageError. */
  async find(requests: readonly CommandRequest[]): Promise<LookedUp> {
    const commands = requests.flatMap(({ command }) => (isById(command) ? [command] : []));
    const transactionIds = commands.flatMap((one) => (isReverse(one) ? [idIn(one)] : []));
    const reservationIds = commands.flatMap((one) => (isReverse(one) ? [] : [idIn(one)]));
    const [transactions, reservations] = await Promise.all([
      this.#findTransactions([...new Set(transactionIds)]),
      this.#findReservations([...new Set(reservationIds)]),
    ]);
    return { transactions, reservations };
  }

  /** Remembers the reservations that were made: their next step needs no query. */
  remember(answers: readonly Answer[]): void {
    for (const { outcome } of answers) {
      if (outcome.kind === 'reservation') this.#terms.put(outcome.reservation);
    }
  }

  async #findTransactions(ids: readonly string[]): Promise<Map<string, ReversibleTransaction>> {
    const found = new Map<string, ReversibleTransaction>();
    const looksUp = ids.map(async (id) => {
      const transaction = await this.#storage.findTransaction(id);
      if (transaction) found.set(id, transaction);
    });
    await Promise.all(looksUp);
    return found;
  }

  async #findReservations(ids: readonly string[]): Promise<Map<string, ReservationTerms>> {
    const found = new Map<string, ReservationTerms>();
    const unknown = ids.filter((id) => {
      const terms = this.#terms.find(id);
      if (terms) found.set(id, terms);
      return !terms;
    });
    if (unknown.length === 0) return found;
    for (const [id, terms] of await this.#storage.findReservations(unknown)) {
      this.#terms.put(terms);
      found.set(id, terms);
    }
    return found;
  }
}

/** The command with what its id stands for. Refuses with TRANSACTION_NOT_FOUND or RESERVATION_NOT_FOUND. */
export function completed(command: CommandById, { transactions, reservations }: LookedUp): Command | Refusal {
  const id = idIn(command);
  if (isReverse(command)) {
    const original = transactions.get(id);
    if (original) return { kind: 'reverse', original, details: command.details, ...amountOf(command) };
    const message = `transaction ${command.transactionId} does not exist`;
    return refuse('TRANSACTION_NOT_FOUND', message, 'transactionId');
  }
  const reservation = reservations.get(id);
  if (reservation) return stepOf(command, reservation);
  const message = `reservation ${command.reservationId} does not exist`;
  return refuse('RESERVATION_NOT_FOUND', message, 'reservationId');
}

function stepOf(command: ReservationStepById, reservation: ReservationTerms): Command {
  const { details } = command;
  switch (command.kind) {
    case 'commit-reservation-by-id':
      return { kind: 'commit-reservation', reservation, details, ...amountOf(command) };
    case 'release-reservation-by-id':
      return { kind: 'release-reservation', reservation, details };
    case 'extend-reservation-by-id':
      return { kind: 'extend-reservation', reservation, timeoutMs: command.timeoutMs, details };
  }
}

function amountOf({ amount }: { readonly amount?: bigint }): { readonly amount?: bigint } {
  return amount === undefined ? {} : { amount };
}

/** True when something has to be looked up before the command can be prepared. */
export function isById(command: CommandRequest['command']): command is CommandById {
  switch (command.kind) {
    case 'reverse-by-id':
    case 'commit-reservation-by-id':
    case 'release-reservation-by-id':
    case 'extend-reservation-by-id':
      return true;
    default:
      return false;
  }
}

function isReverse(command: CommandById): command is ReverseById {
  return command.kind === 'reverse-by-id';
}

function idIn(command: CommandById): string {
  return (isReverse(command) ? command.transactionId : command.reservationId).toLowerCase();
}
