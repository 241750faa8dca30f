import fc from 'fast-check';
import type { Command, PreparedCommand, TransactionType } from '../../src/posting/index.js';
import { isTransactionType, prepare, transactionIdOf } from '../../src/posting/index.js';
import { deposit, open, reverse, setStatus, transfer, update, withdraw } from './command-builders.js';
import { BUCKETS, type MemoryLedger, type Unit } from './memory-ledger.js';

/** What somebody wants, before it is known which transactions there are to reverse. */
export interface Intent {
  readonly command:
    Command | { readonly kind: 'reverse-some'; readonly choice: number; readonly amount?: bigint };
  /** undefined: a key of its own; else one of a few, so that keys are repeated. */
  readonly key: number | undefined;
}

export interface IntentUnit {
  readonly intents: readonly Intent[];
  readonly isAtomic: boolean;
  readonly isDryRun: boolean;
}

const AMOUNT_MAX = 9_007_199_254_740_991n;
const names = fc.constantFrom('alice', 'bob', 'carol', 'dave', 'erin', 'pavel', 'yuki');
const amounts = fc.oneof(
  { arbitrary: fc.bigInt({ min: 1n, max: 60n }), weight: 12 },
  { arbitrary: fc.bigInt({ min: AMOUNT_MAX - 60n, max: AMOUNT_MAX }), weight: 1 },
);
const currencies = fc.constantFrom(undefined, undefined, undefined, 'CZK', 'XXX');
const creditTypes = fc.constantFrom<TransactionType>(
  'DEPOSIT',
  'BONUS',
  'SETTLEMENT',
  'ADJUSTMENT',
  'POT_WIN',
);
const counterparts = fc.constantFrom('world' as const, 'house' as const);
const bounds = fc.option(fc.bigInt({ min: 0n, max: 120n }));
const limits = fc.record(
  { creditLimit: bounds, minimumHold: fc.bigInt({ min: 0n, max: 30n }), maxBalance: bounds },
  { requiredKeys: [] },
);
const metadata = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'é'), fc.constantFrom(1, 'x', null), {
  maxKeys: 2,
});

const commands: fc.Arbitrary<Intent['command']> = fc.oneof(
  {
    arbitrary: fc.tuple(names, amounts, creditTypes, counterparts, currencies, metadata).map(toDeposit),
    weight: 6,
  },
  {
    arbitrary: fc
      .tuple(names, amounts, counterparts)
      .map(([name, amount, counterpart]) => withdraw(name, amount, { counterpart })),
    weight: 4,
  },
  { arbitrary: fc.tuple(names, names, amounts, fc.boolean()).map(toTransfer), weight: 5 },
  { arbitrary: fc.tuple(fc.nat(), fc.option(amounts, { nil: undefined })).map(toReversal), weight: 4 },
  {
    arbitrary: fc
      .tuple(names, fc.bigInt({ min: 0n, max: 100n }), currencies, limits)
      .map(([name, initialBalance, currency, chosen]) =>
        open(name, { initialBalance, limits: chosen, ...(currency && { currency }) }),
      ),
    weight: 3,
  },
  { arbitrary: fc.tuple(names, limits).map(([name, chosen]) => update(name, { limits: chosen })), weight: 2 },
  {
    arbitrary: fc
      .tuple(
        names,
        fc.constantFrom('active' as const, 'active' as const, 'frozen' as const, 'closed' as const),
      )
      .map(([name, status]) => setStatus(name, status)),
    weight: 2,
  },
);

const intents = fc.record({
  command: commands,
  key: fc.option(fc.nat({ max: 9 }), { nil: undefined, freq: 4 }),
});

/** Commands alone, atomic groups and dry runs, in random order. */
export const intentUnits: fc.Arbitrary<IntentUnit[]> = fc.array(
  fc.oneof(
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
        .tuple(fc.array(intents, { minLength: 1, maxLength: 6 }), fc.boolean(), fc.boolean())
        .map(([group, one, other]) => ({ intents: group, isAtomic: true, isDryRun: one && other })),
      weight: 4,
    },
  ),
  { maxLength: 60 },
);

function toDeposit([name, amount, type, counterpart, currency, members]: [
  string,
  bigint,
  TransactionType,
  'world' | 'house',
  string | undefined,
  Record<string, string | number | null>,
]): Command {
  const details = { metadata: members };
  return deposit(name, amount, { type, counterpart, details, ...(currency !== undefined && { currency }) });
}

function toTransfer([from, to, amount, isConversion]: [string, string, bigint, boolean]): Command {
  // The same account twice is refused before a command gets to the core.
  const receiver = from === to ? `${to}-2` : to;
  return transfer([from, receiver], amount, isConversion ? { rate: '1.37' } : {});
}

function toReversal([choice, amount]: [number, bigint | undefined]): Intent['command'] {
  return amount === undefined ? { kind: 'reverse-some', choice } : { kind: 'reverse-some', choice, amount };
}

/** The unit as the core gets it, its reversals on transactions that the ledger has; undefined without any. */
export function unitOf(
  { intents: group, isAtomic, isDryRun }: IntentUnit,
  ledger: MemoryLedger,
): Unit | undefined {
  const prepared = group.flatMap<PreparedCommand>(({ command, key }) => {
    const resolved = command.kind === 'reverse-some' ? reversalOf(command, ledger) : command;
    if (resolved === undefined) return [];
    const idempotencyKey = key === undefined ? ledger.nextKey() : `shared-${key}`;
    return [prepare(resolved, { idempotencyKey, isDryRun, buckets: BUCKETS })];
  });
  return isAtomic ? prepared : prepared[0];
}

function reversalOf(
  { choice, amount }: { readonly choice: number; readonly amount?: bigint },
  ledger: MemoryLedger,
): Command | undefined {
  const homes = ledger.state.facts.filter(({ kind, home }) => home === null && isTransactionType(kind));
  const fact = homes[choice % homes.length];
  if (!fact) return undefined;
  return reverse(ledger.transaction(transactionIdOf(fact.key, fact.committedAtMs)), amount);
}
