import fc from 'fast-check';
import { CONTRIBUTION_TYPES, prepare, type Command, type PreparedCommand } from '../../src/posting/index.js';
import { deposit, setStatus, transfer, update, withdraw } from './command-builders.js';
import { BUCKETS, type MemoryLedger, type Unit } from './memory-ledger.js';
import { commit, expireReservations, extend, release, reserve } from './reservation-builders.js';
import { buyIn, cancel, cashOut, contribute, returnTo, setPolicy, settle } from './table-builders.js';

type Choosing =
  | { readonly kind: 'commit-some'; readonly choice: number; readonly amount: bigint | undefined }
  | { readonly kind: 'release-some'; readonly choice: number }
  | { readonly kind: 'extend-some'; readonly choice: number; readonly timeoutMs: number };

/** What somebody wants, before it is known which reservations there are. */
export interface PlayIntent {
  readonly command: Command | Choosing;
  /** undefined: a key of its own; else one of a few, so that keys are repeated. */
  readonly key: number | undefined;
}

export interface PlayUnit {
  readonly intents: readonly PlayIntent[];
  readonly isAtomic: boolean;
  readonly isDryRun: boolean;
}

/** What happens at one time, after the clock has moved. */
export interface PlayStep {
  readonly passedMs: number;
  readonly units: readonly PlayUnit[];
}

/** Of seats 0 to 3; the last is in another currency. */
const PLAYERS = ['alice', 'bob', 'carol', 'pavel'] as const;
const names = fc.constantFrom(...PLAYERS);
const amounts = fc.bigInt({ min: 1n, max: 40n });
const bets = fc.bigInt({ min: 1n, max: 25n });
const tableIds = fc.constantFrom('t-1', 't-2');
const pots = fc.record({ tableId: tableIds, handId: fc.constantFrom('h-1', 'h-2') });
const seats = fc.nat({ max: 3 });
const currency = fc.constantFrom<object>({}, {}, {}, {}, {}, {}, {}, { currency: 'CZK' });
const timeouts = fc.constantFrom(1, 1_000, 5_000, 30_000);
const choices = fc.nat({ max: 7 });
const bounds = fc.option(fc.bigInt({ min: 0n, max: 100n }));
const targets = fc.oneof(
  fc.constant({ kind: 'world' } as const),
  names.map((accountId) => ({ kind: 'account', accountId }) as const),
  tableIds.map((tableId) => ({ kind: 'table', tableId }) as const),
);
const winners = fc.array(
  fc.tuple(
    seats,
    fc.bigInt({ min: 0n, max: 50n }),
    fc.constantFrom<string | undefined>(undefined, undefined, undefined, undefined, 'stranger'),
  ),
  { minLength: 1, maxLength: 3 },
);
const ranks = fc.uniqueArray(fc.tuple(seats, fc.integer({ min: 1, max: 3 })), {
  selector: ([seatId]) => seatId,
  minLength: 1,
  maxLength: 3,
});
const rakes = fc.constantFrom<object>({}, {}, { rake: 0n }, { rake: 2n }, { rake: 90n });

function playerAtSeat(seatId: number): string {
  return PLAYERS[seatId] ?? 'nobody';
}

const ordinary: fc.Arbitrary<Command> = fc.oneof(
  {
    arbitrary: fc
      .tuple(names, amounts)
      .map(([name, amount]) => deposit(name, amount, name === 'pavel' ? { currency: 'CZK' } : {})),
    weight: 5,
  },
  { arbitrary: fc.tuple(names, amounts).map(([name, amount]) => withdraw(name, amount)), weight: 3 },
  {
    arbitrary: fc
      .tuple(names, names, amounts)
      .map(([from, to, amount]) => transfer([from, from === to ? `${to}-2` : to], amount)),
    weight: 2,
  },
  {
    arbitrary: fc
      .tuple(names, fc.constantFrom('active' as const, 'active' as const, 'frozen' as const))
      .map(([name, status]) => setStatus(name, status)),
    weight: 1,
  },
  {
    arbitrary: fc
      .tuple(names, bounds, fc.bigInt({ min: 0n, max: 20n }))
      .map(([name, creditLimit, minimumHold]) => update(name, { limits: { creditLimit, minimumHold } })),
    weight: 1,
  },
);

const holding: fc.Arbitrary<Command | Choosing> = fc.oneof(
  {
    arbitrary: fc
      .tuple(names, amounts, targets, timeouts)
      .map(([name, amount, target, timeoutMs]) => reserve(name, amount, { target, timeoutMs })),
    weight: 6,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('commit-some' as const),
      choice: choices,
      amount: fc.option(amounts, { nil: undefined }),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constant('release-some' as const), choice: choices }), weight: 2 },
  {
    arbitrary: fc.record({ kind: fc.constant('extend-some' as const), choice: choices, timeoutMs: timeouts }),
    weight: 2,
  },
  { arbitrary: names.map(expireReservations), weight: 1 },
);

const playing: fc.Arbitrary<Command> = fc.oneof(
  {
    arbitrary: fc
      .tuple(pots, seats, bets, fc.constantFrom(...CONTRIBUTION_TYPES), currency)
      .map(([pot, seatId, amount, type, chosen]) =>
        contribute(seatId, amount, { ...pot, type, accountId: playerAtSeat(seatId), ...chosen }),
      ),
    weight: 10,
  },
  {
    arbitrary: fc.tuple(pots, seats, bets).map(([pot, seatId, amount]) => returnTo(seatId, amount, pot)),
    weight: 2,
  },
  {
    arbitrary: fc.tuple(pots, winners, rakes).map(([pot, won, rake]) =>
      settle(
        won.map(([seatId, amount, other]) => [seatId, amount, other ?? playerAtSeat(seatId)] as const),
        { ...pot, ...rake },
      ),
    ),
    weight: 2,
  },
  {
    arbitrary: fc.tuple(pots, ranks, rakes).map(([pot, shown, rake]) => {
      const hands = shown.map(([seatId, rank]) => ({ seatId, accountId: playerAtSeat(seatId), rank }));
      return settle([], { ...pot, ...rake, payout: { kind: 'showdown', hands } });
    }),
    weight: 2,
  },
  { arbitrary: pots.map(cancel), weight: 1 },
  {
    arbitrary: fc
      .tuple(names, bets, tableIds)
      .map(([name, amount, tableId]) => cashOut(name, amount, { tableId })),
    weight: 3,
  },
  {
    arbitrary: fc
      .tuple(tableIds, fc.constantFrom('strict' as const, 'observe' as const), currency)
      .map(([tableId, policy, chosen]) => setPolicy(policy, { tableId, ...chosen })),
    weight: 1,
  },
);

const intents = fc.record({
  command: fc.oneof(
    { arbitrary: ordinary, weight: 3 },
    { arbitrary: holding, weight: 4 },
    { arbitrary: playing, weight: 4 },
  ),
  // One in eight: most commands are to be decided.
  key: fc.integer({ min: 0, max: 47 }).map((key) => (key < 6 ? key : undefined)),
});

const units: fc.Arbitrary<PlayUnit> = fc.oneof(
  {
    arbitrary: intents.map((intent) => ({ intents: [intent], isAtomic: false, isDryRun: false })),
    weight: 12,
  },
  {
    arbitrary: intents.map((intent) => ({ intents: [intent], isAtomic: false, isDryRun: true })),
    weight: 1,
  },
  {
    arbitrary: fc
      .tuple(fc.array(intents, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean())
      .map(([group, one, other]) => ({ intents: group, isAtomic: true, isDryRun: one && other })),
    weight: 2,
  },
);

/** Hands are played and funds held while the clock moves, mostly forward. */
export const playSteps: fc.Arbitrary<PlayStep[]> = fc.array(
  fc.record({
    passedMs: fc.constantFrom(0, 1, 999, 1_000, 4_000, 5_000, 30_000, -1_000),
    units: fc.array(units, { minLength: 1, maxLength: 8, size: '+1' }),
  }),
  { minLength: 1, maxLength: 25, size: '+1' },
);

/** Players with funds on their accounts, and chips at two tables of which one is observed. */
export function seatPlayers(ledger: MemoryLedger): void {
  for (const name of PLAYERS) {
    ledger.execute(deposit(name, 100n, name === 'pavel' ? { currency: 'CZK' } : {}));
  }
  ledger.execute(setPolicy('observe', { tableId: 't-2' }));
  buyIn(ledger, ['alice', 't-1'], 150n);
  buyIn(ledger, ['bob', 't-2'], 30n);
}

/** Moves the clock, and gives the units of a step as the core gets them, on the reservations that there are now. */
export function unitsOfStep({ passedMs, units: wanted }: PlayStep, ledger: MemoryLedger): Unit[] {
  ledger.nowMs += passedMs;
  return wanted.flatMap<Unit>(({ intents: group, isAtomic, isDryRun }) => {
    const prepared = group.flatMap<PreparedCommand>(({ command, key }) => {
      const resolved = resolve(command, ledger);
      if (resolved === undefined) return [];
      const idempotencyKey = key === undefined ? ledger.nextKey() : `shared-${key}`;
      return [prepare(resolved, { idempotencyKey, isDryRun, buckets: BUCKETS })];
    });
    if (isAtomic) return prepared.length === 0 ? [] : [prepared];
    return prepared;
  });
}

function resolve(command: Command | Choosing, ledger: MemoryLedger): Command | undefined {
  if (!('choice' in command)) return command;
  // The latest are the likeliest to be held still.
  const latest = [...ledger.state.reservations.values()].reverse();
  const reservation = latest[command.choice % latest.length];
  if (!reservation) return undefined;
  switch (command.kind) {
    case 'commit-some':
      return commit(reservation, command.amount);
    case 'release-some':
      return release(reservation);
    case 'extend-some':
      return extend(reservation, command.timeoutMs);
  }
}
