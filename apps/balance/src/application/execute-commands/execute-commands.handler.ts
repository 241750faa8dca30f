import { prepare, type Answer, type Command, type PreparedCommand } from '@steelyard/domain/posting';
import { invariant, isRefusal, refuse, type Refusal } from '@steelyard/domain/result';
import type { PostingEngine, Submission } from '../posting-engine/posting-engine.js';
import type { PostingStorage } from '../posting-engine/posting-storage.port.js';
import type { CommandRequest, ReverseById } from './command-request.js';

/** Executes commands in their order; a refusal is an answer. Rejects with OutageError when nothing is known. */
export class ExecuteCommandsHandler {
  readonly #engine: PostingEngine;
  readonly #storage: PostingStorage;
  readonly #buckets: number;

  constructor(engine: PostingEngine, storage: PostingStorage, buckets: number) {
    this.#engine = engine;
    this.#storage = storage;
    this.#buckets = buckets;
  }

  /** One answer per request, in input order. */
  async execute(requests: readonly CommandRequest[]): Promise<Answer[]> {
    const needsLookup = requests.some(({ command }) => command.kind === 'reverse-by-id');
    const prepared = needsLookup
      ? await Promise.all(requests.map((request) => this.#prepare(request)))
      : requests.map((request) => this.#prepareWithoutLookup(request));
    const refusedGroups = groupsWithRefusal(requests, prepared);
    const submissions: Submission[] = [];
    const places: number[] = [];
    prepared.forEach((one, i) => {
      const atomicGroup = requests[i]?.atomicGroup ?? 0;
      if (isRefusal(one) || refusedGroups.has(atomicGroup)) return;
      submissions.push({ prepared: one, atomicGroup });
      places.push(i);
    });
    const decided = await this.#engine.execute(submissions);
    const answers = prepared.map((one) => refusedBeforehand(one));
    decided.forEach((answer, i) => (answers[places[i] ?? 0] = answer));
    return answers;
  }

  async #prepare(request: CommandRequest): Promise<PreparedCommand | Refusal> {
    const { command } = request;
    if (command.kind !== 'reverse-by-id') return this.#prepareWithoutLookup(request);
    const reverse = await this.#lookUp(command);
    return isRefusal(reverse) ? reverse : this.#prepared(reverse, request);
  }

  #prepareWithoutLookup(request: CommandRequest): PreparedCommand | Refusal {
    const { command } = request;
    invariant(command.kind !== 'reverse-by-id', 'a reversal is looked up first');
    return isRefusal(command) ? command : this.#prepared(command, request);
  }

  #prepared(command: Command, { idempotencyKey, isDryRun }: CommandRequest): PreparedCommand {
    return prepare(command, { idempotencyKey, isDryRun, buckets: this.#buckets });
  }

  async #lookUp({ transactionId, amount, details }: ReverseById): Promise<Command | Refusal> {
    const original = await this.#storage.findTransaction(transactionId);
    if (!original) {
      return refuse('TRANSACTION_NOT_FOUND', `transaction ${transactionId} does not exist`, 'transactionId');
    }
    const reverse = { kind: 'reverse' as const, original, details };
    return amount === undefined ? reverse : { ...reverse, amount };
  }
}

/** Atomic groups of which a member was refused before the engine was asked: nothing of them is applied. */
function groupsWithRefusal(
  requests: readonly CommandRequest[],
  prepared: readonly (PreparedCommand | Refusal)[],
): Set<number> {
  const groups = new Set<number>();
  prepared.forEach((one, i) => {
    const group = requests[i]?.atomicGroup ?? 0;
    if (group !== 0 && isRefusal(one)) groups.add(group);
  });
  return groups;
}

function refusedBeforehand(one: PreparedCommand | Refusal): Answer {
  if (isRefusal(one)) return { outcome: one, isReplayed: false };
  const message = 'another item of the atomic batch was malformed; nothing was applied';
  return { outcome: refuse('ATOMIC_BATCH_REFUSED', message), isReplayed: false };
}
