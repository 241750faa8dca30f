import {
  houseAccountId,
  openedAccount,
  potAccountId,
  refuseClosed,
  refuseOutOfBounds,
  type Account,
} from '../accounts/index.js';
import { afterRake, payoutsOf, payoutsOfShowdown, rakeOf } from '../pots/index.js';
import { isRefusal, refuse, type Refusal } from '../result/index.js';
import { netContribution, potTotal, seatOf, withSeat, type Pot } from '../tables/index.js';
import { openingFact } from './decide-account.js';
import { changed, findPot, refuseUnlessActive, unchangedPot } from './decide-pot.js';
import type { Situation } from './decision-context.js';
import type { Plan, PlannedFact, Unchanged } from './plan.js';
import { accountRef } from './required-accounts.js';
import { movementsFrom, systemAccount } from './system-accounts.js';
import type { PotWinner, SettlePot, ShownHand } from './table-commands.js';

/** What the plan of a settlement is put together from. */
interface Settlement {
  readonly pot: Pot;
  readonly rake: bigint;
  /** In seat order; with the rake they sum to the pot. */
  readonly payouts: readonly PotWinner[];
}

/** pot -> winners and house, all or nothing. Settling a settled pot is granted and pays nothing. */
export function decideSettlement(command: SettlePot, situation: Situation): Plan | Unchanged | Refusal {
  const pot = findPot(command, situation);
  if (isRefusal(pot)) return pot;
  if (pot.status === 'SETTLED') return unchangedPot(pot);
  const inactive = refuseUnlessActive(pot);
  if (inactive) return inactive;
  const total = potTotal(pot);
  const rake = command.rake ?? rakeOf(total, situation.context.settings.rake);
  const distributable = afterRake(total, rake);
  if (isRefusal(distributable)) return distributable;
  const { payout } = command;
  const payouts =
    payout.kind === 'winners'
      ? payoutsOf(payout.winners, distributable)
      : payoutsOfHands(payout.hands, { pot, rake });
  if (isRefusal(payouts)) return payouts;
  const winners = winnersIn(payouts, pot, situation);
  return isRefusal(winners)
    ? winners
    : planSettlement({ pot, rake, payouts }, winners, { command, situation });
}

function payoutsOfHands(
  hands: readonly ShownHand[],
  { pot, rake }: Pick<Settlement, 'pot' | 'rake'>,
): readonly PotWinner[] | Refusal {
  const stranger = hands.find(({ seatId, accountId }) => {
    const seat = seatOf(pot, seatId);
    return seat !== undefined && seat.accountId !== accountId;
  });
  if (stranger) {
    const message = `seat ${stranger.seatId} of this hand is not played by ${stranger.accountId}`;
    return refuse('INVALID_REQUEST', message, 'hands.accountId');
  }
  const contributions = pot.seats.map((seat) => ({ seatId: seat.seatId, amount: netContribution(seat) }));
  return payoutsOfShowdown({ contributions, hands, rake });
}

interface Winners {
  /** Accounts that did not exist. */
  readonly opened: readonly Account[];
  readonly accounts: ReadonlyMap<string, Account>;
}

function winnersIn(
  payouts: readonly PotWinner[],
  { currency }: Pot,
  { books, context }: Situation,
): Winners | Refusal {
  const opened: Account[] = [];
  const accounts = new Map<string, Account>();
  for (const { accountId, amount } of payouts) {
    const ref = accountRef(accountId, context.settings);
    const known = accounts.get(accountId) ?? books.account(ref);
    const account = known ?? openedAccount({ ...ref, currency }, context.nowMs);
    if (!known) opened.push(account);
    if (account.currency !== currency) {
      const message = `account ${accountId} is in ${account.currency}, the pot is in ${currency}`;
      return refuse('CURRENCY_MISMATCH', message, 'winners.accountId');
    }
    // What was won is paid to a frozen account too; it just cannot be spent.
    const refusal = refuseClosed(account, 'winners.accountId') ?? refuseOutOfBounds(account, amount, true);
    if (refusal) return refusal;
    // One account may win at several seats: the next payout comes on top.
    accounts.set(accountId, { ...account, balance: account.balance + amount });
  }
  return { opened, accounts };
}

function planSettlement(
  { pot, rake, payouts }: Settlement,
  { opened, accounts }: Winners,
  { command, situation }: { command: SettlePot; situation: Situation },
): Plan | Refusal {
  const { bucket, currency } = pot;
  const potRef = { bucket, accountId: potAccountId(pot, currency) };
  const facts: PlannedFact[] = opened.map((account) => openingFact(account, command.details));
  for (const { seatId, accountId, amount } of payouts) {
    const account = accounts.get(accountId) ?? accountRef(accountId, situation.context.settings);
    const movements = movementsFrom(account, potRef, amount);
    facts.push({ kind: 'POT_WIN', movements, extraMetadata: { seatId } });
  }
  const openedAccounts = [...opened];
  if (rake > 0n) {
    const houseRef = { bucket, accountId: houseAccountId(currency) };
    const house = systemAccount(houseRef, currency, situation);
    const outOfRange = refuseOutOfBounds(house.account, rake, true);
    if (outOfRange) return outOfRange;
    openedAccounts.push(...house.opened);
    facts.push({ kind: 'RAKE', movements: movementsFrom(houseRef, potRef, rake) });
  }
  const after = changed({ ...withWinnings(pot, payouts), status: 'SETTLED', rake }, situation);
  facts.push({ kind: 'POT_SETTLED', pot: after });
  const paid = payouts.map(({ seatId, accountId }) => ({ seatId, accountId }));
  return { openedAccounts, facts, answerIndex: facts.length - 1, pot: { after, paid } };
}

function withWinnings(pot: Pot, payouts: readonly PotWinner[]): Pot {
  return payouts.reduce((current, { seatId, amount }) => {
    const seat = seatOf(current, seatId);
    return seat ? withSeat(current, { ...seat, won: seat.won + amount }) : current;
  }, pot);
}
