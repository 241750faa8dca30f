import { isDeepStrictEqual } from 'node:util';
import { openedAccount, type Account } from '../../src/accounts/index.js';
import { ChainVerifier, type StoredEntry } from '../../src/ledger-chain/index.js';
import { CurrencyTable } from '../../src/money/index.js';
import {
  Books,
  entryIdOf,
  isTransactionType,
  missingFor,
  outcomeFromJson,
  PostingBatch,
  potText,
  prepare,
  transactionIdOf,
  type AccountRef,
  type Answer,
  type Command,
  type CoreSettings,
  type DecidedKey,
  type DueReservations,
  type EntryRow,
  type FactRow,
  type Head,
  type Inflation,
  type Outcome,
  type PreparedCommand,
  type Requirements,
  type ReversibleTransaction,
  type WriteSet,
} from '../../src/posting/index.js';
import type { Reservation } from '../../src/reservations/index.js';
import { invariant } from '../../src/result/index.js';
import type { Pot } from '../../src/tables/index.js';
import { factText, potRefText, refText, type LedgerState } from './ledger-state.js';
import { refuseUnwritable } from './write-rules.js';

/** Few, so that transactions within one bucket and over two are both common. */
export const BUCKETS = 4;
/** Nobody else writes to this ledger, so one id does for all writes. */
const ONLY_WRITER = 1n;
export const START_MS = Date.UTC(2026, 10, 21);
/** Account or pot, then system accounts and what is due: as {@link missingFor} promises. */
const LOAD_ROUNDS_MAX = 3;
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
export class MemoryLedger {
  readonly context: { readonly settings: CoreSettings; readonly currencies: CurrencyTable };
  nowMs = START_MS;
  readonly state = {
    heads: new Map<number, Head>(),
    accounts: new Map<string, Account>(),
    facts: [] as FactRow[],
    entries: [] as EntryRow[],
    reversals: new Map<string, bigint>(),
    reservations: new Map<string, Reservation>(),
    pots: new Map<string, Pot>(),
    keys: new Map<string, DecidedKey>(),
  };
  /** The write set of the last batch. */
  lastWriteSet: WriteSet | undefined;
  /** Chips that the last batch brought into being. */
  lastInflations: readonly Inflation[] = [];
  #books = new Books();
  #keyCount = 0;

  constructor(settings: Partial<CoreSettings> = {}) {
    this.context = {
      settings: { ...SETTINGS, ...settings },
      currencies: new CurrencyTable([{ code: 'WEI', scale: 18 }]),
    };
  }

  /** Puts an account there without any entry. */
  give(accountId: string, changes: Partial<Account> = {}): Account {
    const bucket = prepare(depositTo(accountId, 1n), { idempotencyKey: null, buckets: BUCKETS }).homeBucket;
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
    this.#load(commands);
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

  /** A copy to compare with later; what is in it never changes. */
  snapshot(): LedgerState {
    const { heads, accounts, facts, entries, reversals, reservations, pots, keys } = this.state;
    return {
      heads: new Map(heads),
      accounts: new Map(accounts),
      facts: [...facts],
      entries: [...entries],
      reversals: new Map(reversals),
      reservations: new Map(reservations),
      pots: new Map(pots),
      keys: new Map(keys),
    };
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

  account(accountId: string): Account {
    const found = [...this.state.accounts.values()].filter((account) => account.accountId === accountId);
    const [account] = found;
    invariant(account && found.length === 1, `${accountId} is one account`);
    return account;
  }

  balance(accountId: string): bigint {
    const found = [...this.state.accounts.values()].filter((account) => account.accountId === accountId);
    return found.reduce((sum, account) => sum + account.balance, 0n);
  }

  /** A reservation as it is stored. */
  reservation(reservationId: string): Reservation {
    const found = [...this.state.reservations.values()].find((one) => one.reservationId === reservationId);
    invariant(found, `${reservationId} is a reservation`);
    return found;
  }

  /** A pot as it is stored. */
  pot(tableId: string, handId: string): Pot {
    const text = potText({ tableId, handId });
    const found = [...this.state.pots.values()].find((one) => potText(one) === text);
    invariant(found, `${text} has a pot`);
    return found;
  }

  /** A committed transaction as a reversal needs it. */
  transaction(transactionId: string): ReversibleTransaction {
    const fact = this.state.facts.find(
      ({ home, key, committedAtMs }) =>
        home === null && transactionIdOf(key, committedAtMs) === transactionId,
    );
    invariant(fact, `${transactionId} is a transaction`);
    const places = [fact.key, ...fact.legs].map(({ bucket, sequence }) => factText(bucket, sequence));
    const legs = this.state.entries
      .filter(({ bucket, factSequence }) => places.includes(factText(bucket, factSequence)))
      .sort((left, right) => left.ordinal - right.ordinal)
      .map(({ bucket, accountId, currency, amount }) => ({ bucket, accountId, currency, amount }));
    const { kind } = fact;
    invariant(isTransactionType(kind), 'a fact with entries is a transaction');
    return { key: fact.key, transactionId, type: kind, legs };
  }

  /** One account's entries as a verifier reads them: ids and times from the facts. */
  chain(account: Pick<Account, 'bucket' | 'accountId'>): StoredEntry[] {
    const facts = new Map(
      this.state.facts.map((fact) => [factText(fact.key.bucket, fact.key.sequence), fact]),
    );
    return this.state.entries
      .filter(({ bucket, accountId }) => bucket === account.bucket && accountId === account.accountId)
      .map((entry) => {
        const fact = facts.get(factText(entry.bucket, entry.factSequence));
        invariant(fact, 'an entry has a fact');
        return storedEntryOf(entry, fact);
      });
  }

  /** Throws unless every chain agrees with its account's row. */
  verifyChains(): void {
    for (const account of this.state.accounts.values()) {
      const verifier = new ChainVerifier();
      for (const entry of this.chain(account)) {
        const fault = verifier.next(entry);
        invariant(!fault, `${account.accountId} at ${fault?.sequence}: ${fault?.reason}`);
      }
      const fault = verifier.endFault(account);
      invariant(!fault, `${account.accountId} at its end: ${fault?.reason}`);
    }
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

  /** What the engine does before a batch: heads, keys and what the commands need into the books. */
  #load(commands: readonly PreparedCommand[]): void {
    for (const bucket of commands.flatMap(({ buckets }) => buckets)) {
      this.#books.setHead(
        bucket,
        this.state.heads.get(bucket) ?? { sequence: 0n, committedAtMs: 0, writeId: null },
      );
    }
    for (const { homeBucket, slot } of commands) {
      const known = this.state.keys.get(`${homeBucket} ${slot}`);
      if (known && !this.#books.get(homeBucket).keys.has(slot)) this.#books.putKey(homeBucket, slot, known);
    }
    for (let round = 0; round < LOAD_ROUNDS_MAX; round++) this.#loadMissing(this.#missingFor(commands));
    const left = Object.values(this.#missingFor(commands)).flat();
    invariant(left.length === 0, `after ${LOAD_ROUNDS_MAX} rounds ${left.length} rows are missing`);
  }

  #missingFor(commands: readonly PreparedCommand[]): Requirements {
    return missingFor(commands, this.#books, { settings: this.context.settings, nowMs: this.nowMs });
  }

  #loadMissing({ accounts, reversals, reservations, pots, due }: Requirements): void {
    for (const ref of accounts) {
      this.#books.get(ref.bucket).accounts.set(ref.accountId, this.state.accounts.get(refText(ref)) ?? null);
    }
    for (const { bucket, sequence } of reversals) {
      const reversed = this.state.reversals.get(factText(bucket, sequence)) ?? 0n;
      this.#books.get(bucket).reversals.set(sequence, reversed);
    }
    for (const { bucket, sequence } of reservations) {
      const stored = this.state.reservations.get(factText(bucket, sequence)) ?? null;
      this.#books.get(bucket).reservations.set(sequence, stored);
    }
    for (const ref of pots) {
      this.#books.get(ref.bucket).pots.set(potText(ref), this.state.pots.get(potRefText(ref)) ?? null);
    }
    for (const ref of due) {
      const found = this.#dueOf(ref);
      const books = this.#books.get(ref.bucket);
      books.due.set(ref.accountId, found);
      for (const reservation of found.reservations) {
        const { sequence } = reservation;
        if (!books.reservations.get(sequence)) books.reservations.set(sequence, reservation);
      }
    }
  }

  #dueOf({ bucket, accountId }: AccountRef): DueReservations {
    const held = [...this.state.reservations.values()]
      .filter((one) => one.bucket === bucket && one.accountId === accountId && one.status === 'HELD')
      .sort((left, right) => left.expiresAtMs - right.expiresAtMs);
    const next = held.find(({ expiresAtMs }) => expiresAtMs > this.nowMs);
    return {
      reservations: held.filter(({ expiresAtMs }) => expiresAtMs <= this.nowMs),
      nextExpiryAtMs: next?.expiresAtMs ?? null,
    };
  }
}

/** A deposit as the API makes it: from the outside world, opening the account if it is absent. */
export function depositTo(accountId: string, amount: bigint): Command {
  return {
    kind: 'post-to-account',
    accountId,
    amount,
    type: 'DEPOSIT',
    counterpart: 'world',
    opensAccount: true,
    details: {},
  };
}

function storedEntryOf(entry: EntryRow, fact: FactRow): StoredEntry {
  const home = fact.home ?? fact.key;
  return {
    entryId: entryIdOf(home, fact.committedAtMs, entry.ordinal),
    transactionId: transactionIdOf(home, fact.committedAtMs),
    accountId: entry.accountId,
    type: fact.kind,
    amount: entry.amount,
    balanceAfter: entry.balanceAfter,
    metadataJson: fact.dataJson,
    timestamp: new Date(fact.committedAtMs).toISOString(),
    sequence: entry.sequence,
    hashVersion: 1,
    checksum: entry.checksum,
  };
}
