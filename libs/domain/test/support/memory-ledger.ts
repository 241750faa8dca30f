import { isDeepStrictEqual } from 'node:util';
import { bucketOf, openedAccount, type Account } from '../../src/accounts/index.js';
import { CurrencyTable } from '../../src/money/index.js';
import {
  Books,
  outcomeFromJson,
  PostingBatch,
  prepare,
  type Answer,
  type Command,
  type CoreSettings,
  type Inflation,
  type Outcome,
  type PreparedCommand,
  type WriteSet,
} from '../../src/posting/index.js';
import { invariant } from '../../src/result/index.js';
import { CommittedLedger } from './committed-ledger.js';
import { factText, potRefText, refText } from './ledger-state.js';
import { loadBooks } from './load-books.js';
import { refuseUnwritable } from './write-rules.js';

/** Few, so that transactions within one bucket and over two are both common. */
export const BUCKETS = 4;
/** Nobody else writes to this ledger, so one id does for all writes. */
const ONLY_WRITER = 1n;
export const START_MS = Date.UTC(2026, 10, 21);
/** Of the ledger's reservations that do not say. */
export const RESERVATION_TIMEOUT_MS = 30_000;
const SETTINGS: CoreSettings = {
  defaultCurrency: 'CHIPS',
  buckets: BUCKETS,
  reservationTimeoutMs: RESERVATION_TIMEOUT_MS,
  escrowPolicy: 'strict',
  rake: { basisPoints: 0, capChips: 0n, minPotChips: 0n },
};

/** One command, or the commands of one atomic group. */
export type Unit = PreparedCommand | readonly PreparedCommand[];

/**
 * The posting core on committed state in memory, in place of PostgreSQL: loads what a batch needs, decides it,
 * and commits its write set only when the rules hold that the database enforces.
 */
export class MemoryLedger extends CommittedLedger {
  readonly context: { readonly settings: CoreSettings; readonly currencies: CurrencyTable };
  nowMs = START_MS;
  /** The write set of the last batch. */
  lastWriteSet: WriteSet | undefined;
  /** Chips that the last batch brought into being. */
  lastInflations: readonly Inflation[] = [];
  #books = new Books();
  #keyCount = 0;

  constructor(settings: Partial<CoreSettings> = {}) {
    super();
    this.context = {
      settings: { ...SETTINGS, ...settings },
      currencies: new CurrencyTable([{ code: 'WEI', scale: 18 }]),
    };
  }

  /** Puts an account there without any entry. */
  give(accountId: string, changes: Partial<Account> = {}): Account {
    const bucket = bucketOf(accountId, BUCKETS);
    const account = { ...openedAccount({ bucket, accountId, currency: 'CHIPS' }, START_MS), ...changes };
    this.state.accounts.set(refText(account), account);
    this.#books.forget(bucket);
    return account;
  }

  prepare(command: Command, idempotencyKey: string | null = this.nextKey()): PreparedCommand {
    return prepare(command, { idempotencyKey, buckets: BUCKETS });
  }

  /** A key that was not used yet. */
  nextKey(): string {
    this.#keyCount += 1;
    return `key-${this.#keyCount}`;
  }

  /** Executes one command under a key of its own, or the given one, and commits it. */
  execute(command: Command, idempotencyKey?: string | null): Answer {
    const [answer] = this.executeBatch([this.prepare(command, idempotencyKey)]);
    invariant(answer, 'one command has one answer');
    return answer;
  }

  /** Executes units as one batch and commits it; the answers in order. */
  executeBatch(units: readonly Unit[]): Answer[] {
    const { answers, writeSet } = this.decide(units);
    const outcomes = new Map<string, Outcome>();
    units.flat().forEach(({ homeBucket, slot }, i) => {
      const answer = answers[i];
      // Refusals are in the write set themselves; of the others, the first is what all later ones repeat.
      const key = `${homeBucket} ${slot}`;
      if (answer && answer.outcome.kind !== 'refusal' && !outcomes.has(key))
        outcomes.set(key, answer.outcome);
    });
    this.commit(writeSet, outcomes);
    return answers;
  }

  /** Decides units as one batch without committing it; the books then hold what was decided. */
  decide(units: readonly Unit[]): { answers: Answer[]; writeSet: WriteSet } {
    const commands = units.flat();
    loadBooks(this.#books, this.state, { commands, settings: this.context.settings, nowMs: this.nowMs });
    const batch = new PostingBatch(this.#books, {
      ...this.context,
      nowMs: this.nowMs,
      writeId: ONLY_WRITER,
    });
    const answers = units.flatMap((unit) =>
      'command' in unit ? [batch.execute(unit)] : batch.executeAtomic(unit),
    );
    this.lastInflations = batch.inflations();
    return { answers, writeSet: batch.writeSet() };
  }

  /** Forgets all that is in memory, as after a restart. */
  forget(): void {
    this.#books = new Books();
  }

  /** Commits what a batch came to; `outcomes` are its answers by bucket and slot. */
  commit(writeSet: WriteSet, outcomes: ReadonlyMap<string, Outcome>): void {
    refuseUnwritable(writeSet, this.state);
    const { heads, accounts, facts, entries, reversals, reservations, pots, keys } = this.state;
    for (const { bucket, next } of writeSet.heads) if (next.sequence > 0n) heads.set(bucket, next);
    for (const account of writeSet.openedAccounts) accounts.set(refText(account), account);
    for (const { account } of writeSet.changedAccounts) accounts.set(refText(account), account);
    facts.push(...writeSet.facts);
    entries.push(...writeSet.entries);
    for (const row of writeSet.reversals) reversals.set(factText(row.bucket, row.factSequence), row.reversed);
    for (const { reservation } of writeSet.reservations) {
      reservations.set(factText(reservation.bucket, reservation.sequence), reservation);
    }
    for (const { pot } of writeSet.pots) pots.set(potRefText(pot), pot);
    for (const { bucket, slot, fingerprint, factSequence, outcomeJson } of writeSet.keys) {
      const outcome =
        factSequence === null ? outcomeFromJson(outcomeJson ?? '') : outcomes.get(`${bucket} ${slot}`);
      invariant(outcome, 'a key that was just decided has an answer');
      keys.set(`${bucket} ${slot}`, { fingerprint, outcome });
    }
    this.lastWriteSet = writeSet;
  }

  /**
   * Throws unless what is in memory is what is stored. A bound of the holds may be closer in memory: it was mended
   * when it was reached, and is written with the account's next change.
   */
  verifyBooks(): void {
    for (const bucket of this.state.heads.keys()) {
      const books = this.#books.find(bucket);
      if (!books) continue;
      for (const [accountId, known] of books.accounts) {
        const stored = this.state.accounts.get(refText({ bucket, accountId })) ?? null;
        const isMended = (known?.nextExpiryAtMs ?? 0) >= (stored?.nextExpiryAtMs ?? 0);
        invariant(isMended, `the bound of ${accountId} went back`);
        const mended = stored && known && { ...stored, nextExpiryAtMs: known.nextExpiryAtMs };
        invariant(isDeepStrictEqual(known, mended), `${accountId} is stored as it is in memory`);
      }
      for (const [sequence, known] of books.reservations) {
        const stored = this.state.reservations.get(factText(bucket, sequence)) ?? null;
        invariant(isDeepStrictEqual(known, stored), `reservation ${bucket}/${sequence} is stored`);
      }
      for (const [text, known] of books.pots) {
        const stored = this.state.pots.get(`${bucket} ${text}`) ?? null;
        invariant(isDeepStrictEqual(known, stored), `pot ${text} is stored as it is in memory`);
      }
    }
  }
}
