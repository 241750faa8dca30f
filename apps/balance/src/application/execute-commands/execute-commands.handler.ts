import { prepare, type Answer, type PreparedCommand } from '@steelyard/domain/posting';
import { isRefusal, refuse, type Refusal } from '@steelyard/domain/result';
import type { PostingEngine, Submission } from '../posting-engine/posting-engine.js';
import type { PostingStorage } from '../posting-engine/posting-storage.port.js';
import { CommandLookup, completed, isById, NOTHING_LOOKED_UP, type LookedUp } from './command-lookup.js';
import type { CommandRequest } from './command-request.js';

/** Executes commands in their order; a refusal is an answer. Rejects with OutageError when nothing is known. */
export class ExecuteCommandsHandler {
  readonly #engine: PostingEngine;
  readonly #lookup: CommandLookup;
  readonly #buckets: number;

  constructor(engine: PostingEngine, storage: PostingStorage, buckets: number) {
    this.#engine = engine;
    this.#lookup = new CommandLookup(storage);
    this.#buckets = buckets;
  }

  /** One answer per request, in input order. */
  async execute(requests: readonly CommandRequest[]): Promise<Answer[]> {
    const needsLookup = requests.some(({ command }) => isById(command));
    const lookedUp = needsLookup ? await this.#lookup.find(requests) : NOTHING_LOOKED_UP;
    const prepared = requests.map((request) => this.#prepare(request, lookedUp));
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
    // What a dry run would have made does not exist.
    this.#lookup.remember(decided.filter((_, i) => submissions[i]?.prepared.isDryRun === false));
    const answers = prepared.map((one) => refusedBeforehand(one));
    decided.forEach((answer, i) => (answers[places[i] ?? 0] = answer));
    return answers;
  }

  #prepare(request: CommandRequest, lookedUp: LookedUp): PreparedCommand | Refusal {
    const { idempotencyKey, isDryRun } = request;
    const command = isById(request.command) ? completed(request.command, lookedUp) : request.command;
    if (isRefusal(command)) return command;
    return prepare(command, { idempotencyKey, isDryRun, buckets: this.#buckets });
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
