import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { SeededRandom } from '@steelyard/testing/seed';
import { NO_DETAILS } from './model-rules.js';
import { AMOUNT_MAX, type Body } from './model.types.js';

/** The currency of an account by the last digit of its number. BIG is where the range ends. */
export const CURRENCY_OF_DIGIT = [
  'CHIPS',
  'CHIPS',
  'CHIPS',
  'CHIPS',
  'CHIPS',
  'CZK',
  'CZK',
  'JPY',
  'WEI',
  'BIG',
];

/** Scales of the currencies that the operations use. */
export const SCALES: ReadonlyMap<string, number> = new Map([
  ['CHIPS', 0],
  ['CZK', 2],
  ['JPY', 0],
  ['USD', 2],
  ['WEI', 18],
  ['BIG', 0],
]);

const METADATA = [
  ...['', '', '', '{}', '{"hand":7}', '{"b":1,"a":{"d":[1,{"z":null,"y":"é"}],"c":1.50}}'],
  ...['{"note":"\\"},{\\"","e\\u0301":1,"é":2}', '{"__proto__":{"x":1}}', '{"n":-0,"m":1e21}'],
  ...['{"reason":"mine"}', '[]', '{', 'null'],
];
const TYPES = [
  '',
  '',
  '',
  'TRANSFER',
  'SETTLEMENT',
  'WAGER',
  'BONUS',
  'CONVERSION',
  'DEPOSIT',
  'constructor',
];
const RATES = ['', '2', '0.5', '24.5371', '0.000000000000000001', '999999999999999999', '0', '1e3', '-1'];
const CHANGES = ['deposit', 'withdrawal', 'wager', 'settlement', 'adjustment', 'system', 'toString'];

/** One of all commands but a reversal. */
export function randomBody(random: SeededRandom, accounts: readonly string[]): Body {
  const accountId = random.chance(0.1) ? (accounts[0] ?? '') : random.pick(accounts);
  const kind = random.integer(0, 99);
  if (kind < 30) return deposit(random, accountId);
  if (kind < 46) {
    const currency = random.chance(0.9) ? '' : currencyFor(random, accountId);
    const value = {
      accountId,
      amount: amountFor(random, accountId),
      currency,
      details: randomDetails(random),
    };
    return { $case: 'withdraw', value };
  }
  if (kind < 58) return change(random, accountId);
  if (kind < 84) return transfer(random, accountId, random.pick(accounts));
  if (kind < 90) return open(random, accountId);
  if (kind < 95) return update(random, accountId);
  const status = random.pick(['active', 'active', 'active', 'active', 'frozen', 'closed', 'gone']);
  return { $case: 'setAccountStatus', value: { accountId, status, performedBy: 'op', reason: '' } };
}

/** Reason, actor, business time and metadata; often none. */
export function randomDetails(random: SeededRandom): balanceV1.Details | undefined {
  if (random.chance(0.4)) return undefined;
  return {
    ...NO_DETAILS,
    reason: random.pick(['', 'rebuy', 'a "quoted" \\ reason']),
    source: random.pick(['', 'BONUS', 'REFERRAL', 'cashier', 'constructor']),
    performedBy: random.pick(['', 'op-1']),
    metadataJson: random.pick(METADATA),
    effectiveAtMs: random.chance(0.2) ? BigInt(random.integer(0, 2_000_000_000)) * 1_000n : undefined,
  };
}

/** The same for commands that are to be granted more often. */
export function fewDetails(random: SeededRandom): balanceV1.Details | undefined {
  return random.chance(0.7) ? undefined : randomDetails(random);
}

function deposit(random: SeededRandom, accountId: string): Body {
  const currency = random.chance(0.3) ? '' : currencyFor(random, accountId);
  const value = { accountId, amount: amountFor(random, accountId), currency, details: randomDetails(random) };
  return { $case: 'deposit', value };
}

function change(random: SeededRandom, accountId: string): Body {
  const changeType = random.pick(CHANGES);
  const size = amountFor(random, accountId);
  const isNegative = random.chance(changeType === 'withdrawal' || changeType === 'wager' ? 0.95 : 0.3);
  const amount = random.chance(0.02) ? 0n : isNegative ? -size : size;
  return { $case: 'change', value: { accountId, amount, changeType, details: randomDetails(random) } };
}

function transfer(random: SeededRandom, fromAccountId: string, toAccountId: string): Body {
  const isConversion = fromAccountId.slice(-1) !== toAccountId.slice(-1);
  const rate = random.chance(isConversion ? 0.8 : 0.05) ? random.pick(RATES) : '';
  const amount = amountFor(random, fromAccountId);
  const type = random.pick(TYPES);
  return {
    $case: 'transfer',
    value: { fromAccountId, toAccountId, amount, type, rate, details: randomDetails(random) },
  };
}

function open(random: SeededRandom, accountId: string): Body {
  const initialBalance = random.chance(0.5) ? 0n : BigInt(random.integer(-1, 300));
  const value = {
    accountId,
    currency: random.chance(0.2) ? '' : currencyFor(random, accountId),
    initialBalance,
    tier: sometimes(random, ['', 'gold']),
    holderId: sometimes(random, ['holder-1']),
    limits: limits(random),
    details: randomDetails(random),
  };
  return { $case: 'openAccount', value };
}

function update(random: SeededRandom, accountId: string): Body {
  const value = {
    accountId,
    tier: sometimes(random, ['', 'gold']),
    holderId: sometimes(random, ['', 'holder-2']),
    agentId: sometimes(random, ['agent-1']),
    limits: limits(random),
    metadataJson: sometimes(random, ['', '{"b":1,"a":2}']),
    performedBy: '',
    reason: '',
  };
  return { $case: 'updateAccount', value };
}

function limits(random: SeededRandom): balanceV1.Limits | undefined {
  if (random.chance(0.4)) return undefined;
  const amount = (max: number): bigint | undefined =>
    random.chance(0.6) ? undefined : BigInt(random.integer(random.chance(0.02) ? -1 : 0, max));
  return {
    creditLimit: amount(500),
    unlimitedCredit: random.chance(0.15),
    minimumHold: random.chance(0.8) ? undefined : amount(50),
    maxBalance: amount(3_000),
    unlimitedBalance: random.chance(0.4),
    warningThreshold: random.chance(0.8) ? undefined : amount(100),
    criticalThreshold: undefined,
  };
}

function currencyFor(random: SeededRandom, accountId: string): string {
  if (random.chance(0.02)) return random.pick(['XXX', 'XXX', 'chips', 'USD']);
  return CURRENCY_OF_DIGIT[Number.parseInt(accountId.slice(-1), 10)] ?? 'CHIPS';
}

function sometimes(random: SeededRandom, texts: readonly string[]): string | undefined {
  return random.chance(0.4) ? undefined : random.pick(texts);
}

/** Small amounts; where the range ends also those that reach it, and all beyond of int64. */
function amountFor(random: SeededRandom, accountId: string): bigint {
  if (random.chance(0.005)) return random.pick([0n, -5n, AMOUNT_MAX + 1n, 2n ** 63n - 1n]);
  const isBig = accountId.endsWith('9');
  if (isBig && random.chance(0.4)) return AMOUNT_MAX - BigInt(random.integer(0, 3));
  return BigInt(random.integer(1, random.chance(0.1) ? 5_000 : 300));
}
