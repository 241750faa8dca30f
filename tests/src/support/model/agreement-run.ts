import { isDeepStrictEqual } from 'node:util';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { BalanceStack } from '../balance-stack.js';
import { storedAccounts } from '../stored-chains.js';
import { accountText, comparableAnswer, comparableOutcome, wireAccountText } from './comparable.js';
import { MoneyModel } from './money-model.js';
import { commandOf, type Operation } from './operations.js';
import type { ModelAnswer } from './model.types.js';

/** Where the platform and the model first said different things. */
export interface Disagreement {
  /** Index of the operation, or the number of operations when only the end differs. */
  readonly index: number;
  readonly what: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** Executes operations on the platform and in the model, and compares every answer and the state at the end. */
export class AgreementRun {
  readonly model: MoneyModel;
  /** How often each kind of answer was given. */
  readonly answered = new Map<string, number>();
  readonly #stack: BalanceStack;
  readonly #prefix: string;
  readonly #transactionIds = new Map<number, string>();
  #executed = 0;

  constructor(
    stack: BalanceStack,
    options: { prefix: string; scales: ReadonlyMap<string, number>; buckets: number },
  ) {
    this.#stack = stack;
    this.#prefix = options.prefix;
    this.model = new MoneyModel(options.scales, options.buckets);
  }

  /** Sends operations as one request. Tells of those that became new transactions. */
  async send(
    operations: readonly Operation[],
    posted: (index: number) => void = () => undefined,
  ): Promise<Disagreement | undefined> {
    const names = { prefix: this.#prefix, transactionIds: this.#transactionIds };
    const commands = operations.map((operation) => commandOf(operation, names));
    const outcomes = await this.#stack.execute(commands);
    const answers = this.model.execute(commands);
    for (const [i, { index }] of operations.entries()) {
      const [outcome, answer, command] = [outcomes[i], answers[i], commands[i]];
      if (!outcome || !answer || !command)
        return { index, what: 'an answer', expected: answer, found: outcome };
      const disagreement = this.#compare(index, outcome, answer);
      if (disagreement) return disagreement;
      this.#count(answer);
      if (answer.kind !== 'transaction' || answer.replayed || command.dryRun) continue;
      const { transaction } = answer;
      this.model.ledger.transactions.set(transaction.id, transaction);
      this.#transactionIds.set(index, transaction.id);
      posted(index);
    }
    this.#executed += operations.length;
    return undefined;
  }

  #count(answer: ModelAnswer): void {
    const kind = answer.kind === 'refusal' ? answer.code : answer.kind;
    for (const name of answer.replayed ? [kind, 'replayed'] : [kind]) {
      this.answered.set(name, (this.answered.get(name) ?? 0) + 1);
    }
  }

  #compare(index: number, outcome: balanceV1.Outcome, answer: ModelAnswer): Disagreement | undefined {
    const [expected, found] = [comparableAnswer(answer), comparableOutcome(outcome)];
    if (!isDeepStrictEqual({ ...found }, { ...expected }))
      return { index, what: 'the answer', expected, found };
    if (answer.kind !== 'transaction' || outcome.result?.$case !== 'transaction') return undefined;
    const { transactionId } = outcome.result.value;
    const { transaction, replayed } = answer;
    if (replayed && transaction.id !== transactionId) {
      return { index, what: 'the replayed id', expected: transaction.id, found: transactionId };
    }
    // Only the platform names transactions; from here on the model knows this one by its name.
    if (!replayed) transaction.id = transactionId;
    return undefined;
  }

  /** Compares the accounts as the service gives them, and rows and chains as they are stored. */
  async compareEnd(databaseUrl: string): Promise<Disagreement | undefined> {
    return (await this.#compareServed()) ?? (await this.#compareStored(databaseUrl));
  }

  async #compareServed(): Promise<Disagreement | undefined> {
    const expected = [...this.model.ledger.accounts.values()].filter(
      ({ accountId }) => !accountId.startsWith('@'),
    );
    const served = await this.#stack.accounts(expected.map(({ accountId }) => accountId));
    for (const account of expected) {
      const found = served.get(account.accountId);
      const [left, right] = [accountText(account), found && wireAccountText(found)];
      if (!isDeepStrictEqual(left, right)) return this.#atEnd(`account ${account.accountId}`, left, right);
    }
    return undefined;
  }

  async #compareStored(databaseUrl: string): Promise<Disagreement | undefined> {
    const stored = new Map(
      (await storedAccounts(databaseUrl)).map((account) => [
        `${account.bucket} ${account.accountId}`,
        account,
      ]),
    );
    const accounts = this.model.ledger.accounts;
    if (stored.size !== accounts.size) return this.#atEnd('number of accounts', accounts.size, stored.size);
    for (const [key, account] of accounts) {
      const { bucket, accountId, currency, balance, version, sequence } = account;
      const expected = { bucket, accountId, currency, balance, version, sequence, fault: undefined };
      const found = stored.get(key);
      if (!isDeepStrictEqual(found, expected)) return this.#atEnd(`stored account ${key}`, expected, found);
    }
    return undefined;
  }

  #atEnd(what: string, expected: unknown, found: unknown): Disagreement {
    return { index: this.#executed, what, expected, found };
  }
}
