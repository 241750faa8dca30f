import { isDeepStrictEqual } from 'node:util';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { ClockedBalanceStack } from '../balance-stack.js';
import { comparableAnswer, comparableOutcome } from './comparable.js';
import { countedAs, givenIds, transactionsOf } from './given-ids.js';
import { MoneyModel } from './money-model.js';
import { commandOf, type Operation } from './operations.js';
import type { ModelAccount, ModelAnswer, ModelDeployment } from './model.types.js';
import { StateComparison } from './state-comparison.js';

/** Where the platform and the model first said different things. */
export interface Disagreement {
  /** Index of the operation, or the number of operations when only the end differs. */
  readonly index: number;
  readonly what: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** What a run needs to know of the deployment that it runs on. */
export interface RunOptions {
  readonly prefix: string;
  readonly deployment: ModelDeployment;
  /** When the run begins: milliseconds since 1970-01-01 UTC. */
  readonly startMs: number;
}

/** Operations of this many go to the platform at once at the end of a run. */
const TOUCHES_PER_CALL = 500;

/** Executes operations on the platform and in the model, and compares every answer and the state that they leave. */
export class AgreementRun {
  readonly model: MoneyModel;
  /** How often each kind of answer was given. */
  readonly answered = new Map<string, number>();
  readonly #stack: ClockedBalanceStack;
  readonly #options: RunOptions;
  readonly #state: StateComparison;
  readonly #transactionIds = new Map<number, string>();
  readonly #reservationIds = new Map<number, string>();
  #executed = 0;

  constructor(stack: ClockedBalanceStack, options: RunOptions) {
    this.#stack = stack;
    this.#options = options;
    this.model = new MoneyModel(options.deployment);
    this.#state = new StateComparison(stack, this.model.books);
  }

  /** Sends operations as one request, and looks at what they touched. Tells of the answers to those that were done. */
  async send(
    operations: readonly Operation[],
    done: (index: number, answer: ModelAnswer) => void = () => undefined,
  ): Promise<Disagreement | undefined> {
    const ids = { transactionIds: this.#transactionIds, reservationIds: this.#reservationIds };
    const names = { prefix: this.#options.prefix, ...ids };
    const commands = operations.map((operation) => commandOf(operation, names));
    const now = this.#options.startMs + (operations[0]?.atMs ?? 0);
    await this.#stack.setClock(now);
    const outcomes = await this.#stack.execute(commands);
    const answers = this.model.execute(commands, now);
    for (const [i, { index }] of operations.entries()) {
      const [outcome, answer, command] = [outcomes[i], answers[i], commands[i]];
      if (!outcome || !answer || !command)
        return { index, what: 'an answer', expected: answer, found: outcome };
      const disagreement = this.#compare(index, outcome, { answer, isDone: !command.dryRun });
      if (disagreement) return disagreement;
      this.#count(answer);
      if (answer.kind === 'refusal' || answer.replayed || command.dryRun) continue;
      this.#remember(index, answer);
      done(index, answer);
    }
    this.#executed += operations.length;
    const difference = await this.#state.compareTouched(commands);
    return difference && { index: operations.at(-1)?.index ?? 0, ...difference };
  }

  #remember(index: number, answer: ModelAnswer): void {
    const { transactions, reservations } = this.model.books;
    if (answer.kind === 'reservation') {
      reservations.set(answer.reservation.id, answer.reservation);
      this.#reservationIds.set(index, answer.reservation.id);
    }
    const [transaction] = transactionsOf(answer);
    if (transaction?.id) this.#transactionIds.set(index, transaction.id);
    for (const one of transactionsOf(answer)) if (one.id !== '') transactions.set(one.id, one);
  }

  #count(answer: ModelAnswer): void {
    const kind = countedAs(answer);
    for (const name of answer.replayed ? [kind, 'replayed'] : [kind]) {
      this.answered.set(name, (this.answered.get(name) ?? 0) + 1);
    }
  }

  #compare(
    index: number,
    outcome: balanceV1.Outcome,
    { answer, isDone }: { readonly answer: ModelAnswer; readonly isDone: boolean },
  ): Disagreement | undefined {
    const [expected, found] = [comparableAnswer(answer), comparableOutcome(outcome)];
    if (!isDeepStrictEqual({ ...found }, { ...expected }))
      return { index, what: 'the answer', expected, found };
    if (!isDone) return undefined;
    // Only the platform names what it makes; from here on the model knows it by that name.
    for (const { subject, id } of givenIds(answer, outcome)) {
      if (subject.id === '') subject.id = id;
      else if (subject.id !== id) return { index, what: 'an id', expected: subject.id, found: id };
    }
    return undefined;
  }

  /** Compares all that there is as the service gives it, and rows and chains as they are stored. */
  async compareEnd(databaseUrl: string): Promise<Disagreement | undefined> {
    const difference =
      (await this.#writeDownExpiries()) ??
      (await this.#state.compareServed()) ??
      (await this.#state.compareStored(databaseUrl));
    return difference && { index: this.#executed, ...difference };
  }

  /** The platform writes an expiry down when an account is touched, at the latest: touches all, changing nothing. */
  async #writeDownExpiries(): Promise<Omit<Disagreement, 'index'> | undefined> {
    const { accounts, now } = this.model.books;
    const touched = [...accounts.values()].filter(({ accountId }) => !accountId.startsWith('@'));
    for (let from = 0; from < touched.length; from += TOUCHES_PER_CALL) {
      const commands = touched.slice(from, from + TOUCHES_PER_CALL).map(touch);
      const found = (await this.#stack.execute(commands)).map(comparableOutcome);
      const expected = this.model.execute(commands, now).map(comparableAnswer);
      const place = found.findIndex((one, i) => !isDeepStrictEqual({ ...one }, { ...expected[i] }));
      if (place >= 0) return { what: 'a touched account', expected: expected[place], found: found[place] };
    }
    return undefined;
  }
}

function touch({ accountId }: ModelAccount): balanceV1.Command {
  const profile = { tier: undefined, holderId: undefined, agentId: undefined, metadataJson: undefined };
  const value = { accountId, ...profile, limits: undefined, performedBy: '', reason: '' };
  return { idempotencyKey: '', atomicGroup: 0, dryRun: false, body: { $case: 'updateAccount', value } };
}
