import { CurrencyTable, formatDecimal } from '@steelyard/domain/money';
import { isRefusal } from '@steelyard/domain/result';
import type { Command } from 'commander';
import { withRetry, type BackoffOptions } from '../api/backoff.js';
import {
  asObject,
  asObjects,
  integerOf,
  isJsonObject,
  requiredInteger,
  textOf,
  type JsonObject,
} from '../api/json-reader.js';
import { SteelyardApi } from '../api/steelyard-api.js';
import type { CommandContext } from './command-context.js';
import { connect, withConnection, type ConnectionFlags } from './connection.options.js';
import { describeFailure } from './verify.command.js';
import { wholeNumber } from './parse-flags.js';

const TRANSACTIONS_DEFAULT = 10;
const TRANSACTIONS_MAX = 500;
// Somebody waits at the keyboard: only the blink of a restart is waited out.
const RETRY_FOR_MS = 2_000;
const LABEL_WIDTH = 18;

interface ShowFlags extends ConnectionFlags {
  readonly last: number;
}

/** `steelyard accounts show`: one account for people. */
export function addAccountsCommand(program: Command, context: CommandContext): void {
  const accounts = program.command('accounts').description('look at accounts');
  const show = accounts
    .command('show')
    .description('balance, limits, last transactions and the state of the chain')
    .argument('<id>', 'account id')
    .option('--last <count>', 'transactions to show', wholeNumber(1, TRANSACTIONS_MAX), TRANSACTIONS_DEFAULT);
  withConnection(show).action(async (accountId: string, flags: ShowFlags) => {
    const api = new SteelyardApi(await connect(flags, context.environment));
    const backoff = { retryForMs: RETRY_FOR_MS, signal: new AbortController().signal };
    context.output.write(
      `${(await describeAccount({ api, backoff, accountId, last: flags.last })).join('\n')}\n`,
    );
  });
}

interface AccountQuestion {
  readonly api: SteelyardApi;
  readonly backoff: BackoffOptions;
  readonly accountId: string;
  readonly last: number;
}

async function describeAccount({
  api,
  backoff,
  accountId,
  last,
}: AccountQuestion): Promise<readonly string[]> {
  const id = encodeURIComponent(accountId);
  const get = (path: string): Promise<unknown> => withRetry(backoff, () => api.get(path));
  const account = asObject(await get(`/accounts/${id}`), 'account');
  const [transactions, chain] = await Promise.all([
    get(`/accounts/${id}/transactions?limit=${last}`),
    // A step of about a second: whoever looks at an account does not wait for millions of entries.
    withRetry(backoff, () => api.post(`/ledger/accounts/${id}/verify`, { body: '{}' })),
  ]);
  const currency = textOf(account, 'currency') ?? '';
  const recent = asObjects(asObject(transactions, 'transactions')['transactions'], 'transactions');
  return [
    ...describeBalances(account, currency),
    ...describeLimits(account, currency),
    label('chain', describeChain(accountId, asObject(chain, 'verification'))),
    '',
    recent.length === 0 ? 'no transactions' : `last ${recent.length} transactions, newest first`,
    ...recent.map((transaction) => describeTransaction(transaction, currency)),
  ];
}

function describeBalances(account: JsonObject, currency: string): readonly string[] {
  const limits = isJsonObject(account['limits']) ? account['limits'] : {};
  const amounts = ['balance', 'availableBalance', 'held'].flatMap((name) => {
    const minor = integerOf(account, name);
    if (minor === undefined) return [];
    // The platform then answers with the largest amount there is, which tells people nothing.
    if (name === 'availableBalance' && limits['creditLimit'] === null) return [label(name, 'unlimited')];
    return [label(name, `${money(minor, currency)}  (${minor} minor units)`)];
  });
  const texts = ['status', 'tier', 'holderId', 'agentId', 'createdAt'].flatMap((name) => {
    const text = textOf(account, name);
    return text === undefined ? [] : [label(name, text)];
  });
  return [label('account', textOf(account, 'accountId') ?? ''), ...amounts, ...texts];
}

function describeLimits(account: JsonObject, currency: string): readonly string[] {
  const limits = isJsonObject(account['limits']) ? account['limits'] : {};
  return Object.entries(limits).map(([name, value]) => {
    const minor = integerOf(limits, name);
    if (minor !== undefined) return label(name, money(minor, currency));
    // A ceiling that is not there is unlimited, a threshold that is not there warns of nothing.
    if (value === null) return label(name, name.endsWith('Threshold') ? 'none' : 'unlimited');
    return label(name, JSON.stringify(value));
  });
}

function describeChain(accountId: string, chain: JsonObject): string {
  const checked = requiredInteger(chain, 'entriesChecked');
  if (chain['valid'] === true) return `valid, ${checked} entries`;
  if (chain['valid'] === null) {
    const entries = requiredInteger(chain, 'entries');
    return `the first ${checked} of ${entries} entries are valid; steelyard verify --account ${accountId} checks all`;
  }
  return describeFailure({ accountId, ...chain });
}

function describeTransaction(transaction: JsonObject, currency: string): string {
  const balanceAfter = integerOf(transaction, 'balanceAfter');
  const amount = integerOf(transaction, 'entryAmount') ?? integerOf(transaction, 'amount');
  return [
    (textOf(transaction, 'createdAt') ?? '').padEnd(24),
    (textOf(transaction, 'type') ?? '').padEnd(10),
    (amount === undefined ? '' : money(amount, currency)).padStart(18),
    (balanceAfter === undefined ? '' : `→ ${money(balanceAfter, currency)}`).padStart(20),
    textOf(transaction, 'transactionId') ?? '',
  ].join('  ');
}

function label(name: string, text: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.padEnd(LABEL_WIDTH)}  ${text}`;
}

/** Whole units where the currency is known here, else minor units. */
function money(minor: bigint, code: string): string {
  const currency = new CurrencyTable().find(code);
  return isRefusal(currency)
    ? `${minor} minor units of ${code}`
    : `${formatDecimal(minor, currency.scale)} ${code}`;
}
