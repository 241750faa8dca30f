import { isRefusal, invariant, refuse, type Refusal } from '../result/index.js';
import type { Books, Head } from './books.js';
import { isDueBy } from './requirements.js';
import { decide } from './decide.js';
import type { DecisionContext } from './decision-context.js';
import type { Answer, Outcome } from './outcome.js';
import { outcomeToJson } from './outcome-json.js';
import type { Plan, Unchanged } from './plan.js';
import { PlanApplier, type Inflation } from './plan-applier.js';
import { differingFields, isSameRequest, type PreparedCommand } from './prepared-command.js';
import type { HeadMove, KeyRow, WriteSet } from './write-set.js';

/**
 * Decides commands in order, each on the state that the ones before it left, and collects all that has to be
 * written for them to be true. Pure: what it changes are the books that it was given, which the caller forgets
 * when the write fails. Nobody may be answered before the write set is committed.
 */
export class PostingBatch {
  readonly #books: Books;
  readonly #context: DecisionContext;
  readonly #applier: PlanApplier;
  /** Buckets that decisions were made on, with the head that each began at. */
  readonly #expectedHeads = new Map<number, Head>();
  readonly #keys: KeyRow[] = [];

  constructor(books: Books, context: DecisionContext) {
    this.#books = books;
    this.#context = context;
    this.#applier = new PlanApplier(books, context);
  }

  /** Decides one command that stands alone. */
  execute(prepared: PreparedCommand): Answer {
    this.#expectHeads(prepared);
    if (prepared.isDryRun) return this.#dryRun(prepared);
    const replay = this.#replay(prepared);
    if (replay) return replay;
    const decision = this.#decide(prepared);
    if (isRefusal(decision)) {
      this.#remember(prepared, decision, null);
      return { outcome: decision, isReplayed: false };
    }
    return this.#grant(prepared, decision);
  }

  /**
   * Decides commands that are applied all or none. When one is refused nothing remains of any of them, not even
   * the refusals: the caller mends the batch and sends it again under the same keys.
   */
  executeAtomic(group: readonly PreparedCommand[]): Answer[] {
    for (const prepared of group) this.#expectHeads(prepared);
    const mixed = refuseMixedDryRun(group);
    if (mixed) return mixed;
    const keys = this.#keys.length;
    const mark = this.#applier.mark();
    const takeBack = (): void => {
      this.#books.rollback();
      this.#applier.rollback(mark);
      this.#keys.length = keys;
    };
    this.#books.begin();
    const answers: Answer[] = [];
    for (const prepared of group) {
      const answer = this.#executeInGroup(prepared);
      answers.push(answer);
      if (!isRefusal(answer.outcome)) continue;
      takeBack();
      return refuseGroup(group.length, answers.length - 1, answer);
    }
    if (group.some(({ isDryRun }) => isDryRun)) takeBack();
    else this.#books.commit();
    return answers;
  }

  /** All that must be stored, or nothing of it, before anybody is answered. Nothing may be executed after it. */
  writeSet(): WriteSet {
    const heads: HeadMove[] = [];
    for (const [bucket, { sequence: expected, writeId: expectedWriteId }] of this.#expectedHeads) {
      heads.push({ bucket, expected, expectedWriteId, next: this.#books.get(bucket).head });
      this.#books.trimKeys(bucket);
      // Only of its own: batches of other buckets may have loaded theirs and not been decided yet.
      this.#books.clearDue(bucket);
    }
    heads.sort((left, right) => left.bucket - right.bucket);
    return { heads, keys: this.#keys, ...this.#applier.rows() };
  }

  /** Chips that the batch brought into being, for those who watch. */
  inflations(): readonly Inflation[] {
    return this.#applier.inflations();
  }

  /**
   * By the clock, not by the sweeper: before anything is decided on an account, what is due on it ends. That is
   * written even when the command is refused: it is true whatever becomes of the command.
   */
  #decide(prepared: PreparedCommand): Plan | Unchanged | Refusal {
    const { nowMs } = this.#context;
    for (const bucket of prepared.buckets) {
      for (const [accountId, due] of this.#books.get(bucket).due) {
        const account = this.#books.account({ bucket, accountId });
        if (isDueBy(account, nowMs)) this.#applier.expire(account, due);
      }
    }
    return decide({ prepared, books: this.#books, context: this.#context });
  }

  #executeInGroup(prepared: PreparedCommand): Answer {
    const replay = this.#replay(prepared);
    if (replay) return replay;
    const decision = this.#decide(prepared);
    return isRefusal(decision) ? { outcome: decision, isReplayed: false } : this.#grant(prepared, decision);
  }

  #dryRun(prepared: PreparedCommand): Answer {
    const mark = this.#applier.mark();
    this.#books.begin();
    const decision = this.#decide(prepared);
    const outcome = isRefusal(decision) ? decision : this.#applier.apply(prepared, decision).outcome;
    this.#books.rollback();
    this.#applier.rollback(mark);
    return { outcome, isReplayed: false };
  }

  #grant(prepared: PreparedCommand, decision: Plan | Unchanged): Answer {
    const { outcome, factSequence } = this.#applier.apply(prepared, decision);
    this.#remember(prepared, outcome, factSequence);
    return { outcome, isReplayed: false };
  }

  #replay(prepared: PreparedCommand): Answer | undefined {
    if (prepared.slot === '') return undefined;
    const known = this.#books.get(prepared.homeBucket).keys.get(prepared.slot);
    if (!known) return undefined;
    if (isSameRequest(known.fingerprint, prepared.fingerprint)) {
      return { outcome: known.outcome, isReplayed: true };
    }
    return { outcome: conflictOf(known.fingerprint, prepared), isReplayed: false };
  }

  #remember(prepared: PreparedCommand, outcome: Outcome, factSequence: bigint | null): void {
    if (prepared.slot === '') return;
    const { homeBucket: bucket, slot, fingerprint } = prepared;
    this.#books.putKey(bucket, slot, { fingerprint, outcome });
    const outcomeJson = factSequence === null ? outcomeToJson(outcome) : null;
    this.#keys.push({ bucket, slot, fingerprint, factSequence, outcomeJson });
  }

  /** A refusal is a decision too: it holds only while the heads it was made on do. */
  #expectHeads(prepared: PreparedCommand): void {
    for (const bucket of prepared.buckets) {
      if (this.#expectedHeads.has(bucket)) continue;
      this.#expectedHeads.set(bucket, this.#books.get(bucket).head);
    }
  }
}

function conflictOf(known: string, prepared: PreparedCommand): Refusal {
  const fields = differingFields(known, prepared.fingerprint).join(', ') || 'content';
  const message = `idempotency key was used for a request with another ${fields}; use a new key for a new request`;
  return refuse('IDEMPOTENCY_CONFLICT', message, 'idempotencyKey');
}

/** What is only asked cannot be told apart from what was done when both are in one group. */
function refuseMixedDryRun(group: readonly PreparedCommand[]): Answer[] | undefined {
  const index = group.findIndex(({ isDryRun }) => isDryRun);
  if (index < 0 || group.every(({ isDryRun }) => isDryRun)) return undefined;
  const outcome = refuse(
    'INVALID_REQUEST',
    'an atomic batch is a dry run as a whole or not at all',
    'dryRun',
  );
  return refuseGroup(group.length, index, { outcome, isReplayed: false });
}

function refuseGroup(size: number, refusedIndex: number, answer: Answer): Answer[] {
  const { outcome } = answer;
  invariant(isRefusal(outcome), 'a group is refused because of a refusal');
  const message = `item ${refusedIndex} of the atomic batch was refused with ${outcome.code}; nothing was applied`;
  const others = { outcome: refuse('ATOMIC_BATCH_REFUSED', message), isReplayed: false };
  return Array.from({ length: size }, (_, index) => (index === refusedIndex ? answer : others));
}
