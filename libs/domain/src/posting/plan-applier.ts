import type { Account } from '../accounts/index.js';
import { canonicalJson } from '../ledger-chain/index.js';
import { balancesAfter, reservationToJson, withoutHold, type Reservation } from '../reservations/index.js';
import { invariant } from '../result/index.js';
import type { Books, DueReservations } from './books.js';
import { transactionIdOf } from './ids.js';
import type { Granted, PostedTransaction } from './outcome.js';
import type {
  Plan,
  PlannedAccountFact,
  PlannedFact,
  PlannedPotFact,
  PlannedReservationFact,
  PlannedTransaction,
  Unchanged,
} from './plan.js';
import { potOutcomeOf } from './pot-outcome.js';
import { potOutcomeToJson } from './pot-outcome-json.js';
import type { PreparedCommand } from './prepared-command.js';
import { RowCollector, type CollectedMark } from './row-collector.js';
import { Sequencer, type Moment } from './sequencer.js';
import { TransactionEntry } from './transaction-entry.js';
import type { WriteSet } from './write-set.js';

/** What applying a command's decision came to. */
export interface Applied {
  readonly outcome: Granted;
  /** Of the fact from which the answer can be given again; null when there is none. */
  readonly factSequence: bigint | null;
}

/** Chips that a transaction brought into being: more left a table than was on it. */
export interface Inflation {
  readonly transactionId: string;
  readonly amount: bigint;
}

interface AppliedMark {
  readonly rows: CollectedMark;
  readonly transactions: number;
  readonly inflations: number;
}

/** Gives planned facts their place: sequences, ids, chain checksums, balances; and collects the rows. */
export class PlanApplier {
  readonly #books: Books;
  readonly #sequencer: Sequencer;
  readonly #rows: RowCollector;
  readonly #entry: TransactionEntry;
  readonly #inflations: Inflation[] = [];
  #transactions = 0;

  constructor(books: Books, moment: Moment) {
    this.#books = books;
    this.#sequencer = new Sequencer(books, moment);
    this.#rows = new RowCollector(books);
    this.#entry = new TransactionEntry(books, this.#sequencer, this.#rows);
  }

  /** Applies a granted command to the books and keeps its rows. */
  apply(prepared: PreparedCommand, decision: Plan | Unchanged): Applied {
    if (!('facts' in decision)) return { outcome: decision.outcome, factSequence: null };
    for (const account of decision.openedAccounts) {
      this.#books.putAccount(account);
      this.#rows.addAccount(account);
    }
    const applied = decision.facts.map((fact) => this.#applyFact(prepared, fact));
    if (decision.pot) {
      const { after } = decision.pot;
      this.#books.putPot(after);
      this.#rows.touchPot(after, after.version === 1n);
      return { outcome: potOutcomeOf(decision.pot, applied.flatMap(transactionsOf)), factSequence: null };
    }
    const answer = applied[decision.answerIndex];
    invariant(answer, 'a plan names the fact that answers it');
    return this.#withFinalAccount(answer);
  }

  /** Ends what is due on an account. */
  expire({ bucket, accountId }: Account, due: DueReservations): void {
    for (const stored of due.reservations) {
      const reservation = this.#books.reservation(stored);
      const account = this.#books.account({ bucket, accountId });
      invariant(reservation && account, 'a due reservation and its account were loaded');
      if (reservation.status !== 'HELD') continue;
      const expired = { ...reservation, status: 'EXPIRED', resolvedAtMs: reservation.expiresAtMs } as const;
      const rest = withoutHold(account, reservation.amount);
      this.#applyReservationFact(null, {
        kind: 'RESERVATION_EXPIRED',
        reservation: expired,
        account: rest,
        actor: {},
      });
    }
    const account = this.#books.account({ bucket, accountId });
    invariant(account, 'an account with holds exists');
    const nextExpiryAtMs = account.held === 0n ? null : due.nextExpiryAtMs;
    this.#books.putAccount({ ...account, nextExpiryAtMs });
  }

  mark(): AppliedMark {
    const inflations = this.#inflations.length;
    return { rows: this.#rows.mark(), transactions: this.#transactions, inflations };
  }

  rollback(mark: AppliedMark): void {
    this.#rows.rollback(mark.rows);
    this.#transactions = mark.transactions;
    this.#inflations.length = mark.inflations;
  }

  rows(): Omit<WriteSet, 'heads' | 'keys'> {
    return this.#rows.rows();
  }

  inflations(): readonly Inflation[] {
    return this.#inflations;
  }

  #applyFact(prepared: PreparedCommand, fact: PlannedFact): Applied {
    if ('movements' in fact) return this.#applyTransaction(prepared, fact);
    if ('pot' in fact) return this.#applyPotFact(fact);
    return 'reservation' in fact
      ? this.#applyReservationFact(prepared.idempotencyKey, fact)
      : this.#applyAccountFact(prepared, fact);
  }

  #applyAccountFact({ idempotencyKey }: PreparedCommand, fact: PlannedAccountFact): Applied {
    const { kind, after } = fact;
    const isCreated = kind === 'ACCOUNT_OPENED';
    if (!isCreated) {
      this.#rows.touchAccount({ ...after, version: after.version - 1n }, true);
      this.#books.putAccount(after);
    }
    const committedAtMs = this.#sequencer.commitTime([after.bucket]);
    const key = this.#sequencer.advance(after.bucket, committedAtMs);
    const dataJson = canonicalJson(fact.data);
    this.#rows.addFact({ key, kind, committedAtMs, home: null, legs: [], idempotencyKey, dataJson });
    return { outcome: { kind: 'account', account: after, isCreated }, factSequence: key.sequence };
  }

  #applyReservationFact(idempotencyKey: string | null, fact: PlannedReservationFact): Applied {
    const { kind, reservation, actor } = fact;
    const before = this.#books.account(fact.account);
    invariant(before, 'a reservation is on an existing account');
    const committedAtMs = this.#sequencer.commitTime([before.bucket]);
    const key = this.#sequencer.advance(before.bucket, committedAtMs);
    const account = { ...fact.account, version: before.version + 1n, updatedAtMs: committedAtMs };
    this.#rows.touchAccount(before, false);
    this.#books.putAccount(account);

    const isNew = kind === 'RESERVATION_HELD';
    const begun = {
      sequence: key.sequence,
      reservationId: transactionIdOf(key, committedAtMs),
      createdAtMs: committedAtMs,
    };
    const after = { ...reservation, ...(isNew ? begun : {}), ...balancesAfter(account) };
    this.#books.putReservation(after);
    this.#rows.touchReservation(after, isNew);
    const dataJson = canonicalJson({ reservation: reservationToJson(after), ...actor });
    this.#rows.addFact({ key, kind, committedAtMs, home: null, legs: [], idempotencyKey, dataJson });
    return { outcome: { kind: 'reservation', reservation: after }, factSequence: null };
  }

  #applyTransaction(prepared: PreparedCommand, planned: PlannedTransaction): Applied {
    const { commits, inflation } = planned;
    if (commits) this.#endHold(commits);
    const { transaction, home } = this.#entry.enter(prepared, planned, this.#transactions);
    this.#transactions += 1;
    if (inflation !== undefined) {
      this.#inflations.push({ transactionId: transaction.transactionId, amount: inflation });
    }
    if (commits) return this.#commit(commits, transaction);
    return { outcome: { kind: 'transaction', transaction }, factSequence: home.sequence };
  }

  #applyPotFact({ kind, pot }: PlannedPotFact): Applied {
    const committedAtMs = this.#sequencer.commitTime([pot.bucket]);
    const key = this.#sequencer.advance(pot.bucket, committedAtMs);
    const outcome = potOutcomeOf({ after: pot, paid: [] }, []);
    const dataJson = canonicalJson({ pot: potOutcomeToJson(outcome) });
    this.#rows.addFact({ key, kind, committedAtMs, home: null, legs: [], idempotencyKey: null, dataJson });
    return { outcome, factSequence: null };
  }

  #endHold(reservation: Reservation): void {
    const account = this.#books.account(reservation);
    invariant(account, 'a reservation is on an existing account');
    this.#books.putAccount(withoutHold(account, reservation.amount));
  }

  #commit(held: Reservation, transaction: PostedTransaction): Applied {
    const account = this.#books.account(held);
    invariant(account, 'a reservation is on an existing account');
    const { transactionId, amount: captured, committedAtMs: resolvedAtMs } = transaction;
    const end = { status: 'COMMITTED', captured, resolvedAtMs, transactionId } as const;
    const reservation = { ...held, ...end, ...balancesAfter(account) };
    this.#books.putReservation(reservation);
    this.#rows.touchReservation(reservation, false);
    return { outcome: { kind: 'reservation', reservation }, factSequence: null };
  }

  /** An account that was opened and then moved is answered as it is now, not as it was in between. */
  #withFinalAccount(applied: Applied): Applied {
    if (applied.outcome.kind !== 'account') return applied;
    const account = this.#books.account(applied.outcome.account) ?? applied.outcome.account;
    return { ...applied, outcome: { ...applied.outcome, account } };
  }
}

function transactionsOf({ outcome }: Applied): PostedTransaction[] {
  return outcome.kind === 'transaction' ? [outcome.transaction] : [];
}
