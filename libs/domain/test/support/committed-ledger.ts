import type { Account } from '../../src/accounts/index.js';
import { ChainVerifier, type StoredEntry } from '../../src/ledger-chain/index.js';
import {
  entryIdOf,
  isTransactionType,
  potText,
  transactionIdOf,
  type DecidedKey,
  type EntryRow,
  type FactRow,
  type Head,
  type ReversibleTransaction,
} from '../../src/posting/index.js';
import type { Reservation } from '../../src/reservations/index.js';
import { invariant } from '../../src/result/index.js';
import type { Pot } from '../../src/tables/index.js';
import { factText, type LedgerState } from './ledger-state.js';

/** What is committed, and how tests read it. */
export class CommittedLedger {
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
