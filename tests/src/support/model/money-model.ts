import type { balanceV1 } from '@steelyard/contracts/grpc';
import { refuseForm } from './model-form.js';
import { ModelBooks } from './model-books.js';
import { ModelLedger } from './model-ledger.js';
import { requestText } from './model-parts.js';
import { refused, type ModelAnswer, type ModelDeployment, type RefusedAnswer } from './model.types.js';

type Command = balanceV1.Command;

interface Remembered {
  readonly request: string;
  readonly answer: ModelAnswer;
}

interface DecidedGroup {
  /** Up to the first refusal. */
  readonly answers: readonly ModelAnswer[];
  /** Place of the member that was refused, -1 when none was. */
  readonly refusedAt: number;
}

const OTHERS_REFUSED: ModelAnswer = { ...refused('ATOMIC_BATCH_REFUSED'), replayed: false };

/**
 * The money core as its description reads, in memory and as simply as can be: one command after the other, on
 * plain maps. It knows nothing of batches, heads, checksums or storage.
 */
export class MoneyModel {
  readonly books: ModelBooks;
  readonly #ledger: ModelLedger;
  readonly #keys = new Map<string, Remembered>();
  /** Keys that were remembered since the last group began. */
  #added: string[] = [];

  constructor(deployment: ModelDeployment) {
    this.books = new ModelBooks(deployment);
    this.#ledger = new ModelLedger(this.books);
  }

  /** The answers to the commands of one request, in their order; `now` in milliseconds since 1970-01-01 UTC. */
  execute(commands: readonly Command[], now: number): ModelAnswer[] {
    this.books.now = now;
    this.#ledger.expire();
    // Reversals and reservations are looked up before any command of the request is executed.
    const faults = commands.map((command) => refuseForm(command) ?? this.#ledger.refuseUnknown(command));
    const answers: ModelAnswer[] = [];
    commands.forEach((command, i) => {
      if (answers[i]) return;
      const fault = faults[i];
      if (command.atomicGroup !== 0) this.#executeGroup({ commands, faults, answers }, command.atomicGroup);
      else answers[i] = fault ? { ...fault, replayed: false } : this.#executeAlone(command);
    });
    return answers;
  }

  #executeAlone(command: Command): ModelAnswer {
    if (!command.dryRun) return this.#executeOnce(command);
    this.books.begin();
    const answer = this.#decide(command);
    this.books.rollback();
    return answer;
  }

  #executeGroup(
    request: {
      readonly commands: readonly Command[];
      readonly faults: readonly (RefusedAnswer | undefined)[];
      readonly answers: ModelAnswer[];
    },
    group: number,
  ): void {
    const { commands, faults, answers } = request;
    const members = commands.flatMap((command, place) =>
      command.atomicGroup === group ? [{ command, place, fault: faults[place] }] : [],
    );
    if (members.some(({ fault }) => fault)) {
      for (const { place, fault } of members) {
        answers[place] = fault ? { ...fault, replayed: false } : OTHERS_REFUSED;
      }
      return;
    }
    const decided = this.#decideGroup(members.map(({ command }) => command));
    members.forEach(({ place }, i) => {
      const isOther = decided.refusedAt >= 0 && decided.refusedAt !== i;
      answers[place] = (isOther ? undefined : decided.answers[i]) ?? OTHERS_REFUSED;
    });
  }

  /** After a refusal, and after a dry run, nothing of the group remains. */
  #decideGroup(group: readonly Command[]): DecidedGroup {
    const dryRuns = group.filter(({ dryRun }) => dryRun).length;
    if (dryRuns > 0 && dryRuns < group.length) {
      const refusedAt = group.findIndex(({ dryRun }) => dryRun);
      const answers: ModelAnswer[] = [];
      answers[refusedAt] = { ...refused('INVALID_REQUEST', 'dryRun'), replayed: false };
      return { answers, refusedAt };
    }
    this.books.begin();
    this.#added = [];
    const answers: ModelAnswer[] = [];
    for (const command of group) {
      const answer = command.dryRun ? this.#decide(command) : this.#executeOnce(command);
      answers.push(answer);
      if (answer.kind === 'refusal') break;
    }
    const refusedAt = answers.at(-1)?.kind === 'refusal' ? answers.length - 1 : -1;
    if (refusedAt < 0 && dryRuns === 0) this.books.commit();
    else this.#takeBack(this.#added);
    return { answers, refusedAt };
  }

  #takeBack(added: readonly string[]): void {
    this.books.rollback();
    for (const key of added) this.#keys.delete(key);
  }

  /** Decides a command unless its key was decided before, and remembers what it was answered. */
  #executeOnce(command: Command): ModelAnswer {
    if (command.idempotencyKey === '' || !command.body) return this.#decide(command);
    const key = `${this.#ledger.ownerOf(command.body)} ${command.idempotencyKey}`;
    const request = requestText(command.body);
    const known = this.#keys.get(key);
    if (!known) {
      const answer = this.#decide(command);
      this.#keys.set(key, { request, answer });
      this.#added.push(key);
      return answer;
    }
    if (known.request === request) return { ...known.answer, replayed: true };
    return { ...refused('IDEMPOTENCY_CONFLICT', 'idempotencyKey'), replayed: false };
  }

  #decide({ body, idempotencyKey }: Command): ModelAnswer {
    const outcome = body ? this.#ledger.decide(body, idempotencyKey) : refused('INVALID_REQUEST');
    return { ...outcome, replayed: false };
  }
}
