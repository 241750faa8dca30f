import { openedAccount, type Account } from '../../src/accounts/index.js';
import { ChainVerifier, type StoredEntry } from '../../src/ledger-chain/index.js';
import { CurrencyTable } from '../../src/money/index.js';
import {
  Books,
  entryIdOf,
  missingFor,
  outcomeFromJson,
  PostingBatch,
  prepare,
  transactionIdOf,
  type Answer,
  type Command,
  type DecidedKey,
  type EntryRow,
  type FactRow,
  type Head,
  type Outcome,
  type PreparedCommand,
  type ReversibleTransaction,
  type WriteSet,
} from '../../src/posting/index.js';
import { invariant } from '../../src/result/index.js';
import { factText, refText, type LedgerState } from './ledger-state.js';
import { refuseUnwritable } from './write-rules.js';

/** Few, so that transactions within one bucket and over two are both common. */
export const BUCKETS = 4;
/** Nobody else writes to this ledger, so one id does for all writes. */
const ONLY_WRITER = 1n;
export const START_MS = Date.UTC(2026, 10, 21);
const LOAD_ROUNDS_MAX = 3;

/** One command, or the commands of one atomic group. */
export type Unit = PreparedCommand | readonly PreparedCommand[];

/**
 * The posting core on committed state in memory, in place of PostgreSQL: loads what a batch needs, decides it,
 * and commits its write set only when the rules hold that the database enforces.
 */
export class MemoryLedger {
  readonly context = {
    settings: { defaultCurrency: 'CHIPS' },
    currencies: new CurrencyTable([{ code: 'WEI', scale: 18 }]),
  };
  nowMs = START_MS;
  readonly state = {
    heads: new Map<number, Head>(),
    accounts: new Map<string, Account>(),
    facts: [] as FactRow[],
    entries: [] as EntryRow[],
    reversals: new Map<string, bigint>(),
    keys: new Map<string, DecidedKey>(),
  };
  /** The write set of the last batch. */
  lastWriteSet: WriteSet | undefined;
  #books = new Books();
  #keyCount = 0;

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
    return { answers, writeSet: batch.writeSet() };
  }

  /** A copy to compare with later; what is in it never changes. */
  snapshot(): LedgerState {
    const { heads, accounts, facts, entries, reversals, keys } = this.state;
    return {
      heads: new Map(heads),
      accounts: new Map(accounts),
      facts: [...facts],
      entries: [...entries],
      reversals: new Map(reversals),
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
    const { heads, accounts, facts, entries, reversals, keys } = this.state;
    for (const { bucket, next } of writeSet.heads) if (next.sequence > 0n) heads.set(bucket, next);
    for (const account of writeSet.openedAccounts) accounts.set(refText(account), account);
    for (const { account } of writeSet.changedAccounts) accounts.set(refText(account), account);
    facts.push(...writeSet.facts);
    entries.push(...writeSet.entries);
    for (const row of writeSet.reversals) reversals.set(factText(row.bucket, row.factSequence), row.reversed);
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
    invariant(!kind.startsWith('ACCOUNT_'), 'a fact with entries is a transaction');
    return { key: fact.key, transactionId, type: kind as ReversibleTransaction['type'], legs };
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

  /** What the engine does before a batch: heads, keys, accounts and reversals into the books. */
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
    for (let round = 0; round < LOAD_ROUNDS_MAX; round++) {
      const missing = missingFor(commands, this.context.settings, this.#books);
      for (const ref of missing.accounts) {
        this.#books
          .get(ref.bucket)
          .accounts.set(ref.accountId, this.state.accounts.get(refText(ref)) ?? null);
      }
      for (const { bucket, sequence } of missing.reversals) {
        const reversed = this.state.reversals.get(factText(bucket, sequence)) ?? 0n;
        this.#books.get(bucket).reversals.set(sequence, reversed);
      }
    }
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
