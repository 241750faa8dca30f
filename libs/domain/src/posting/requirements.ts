import { fxAccountId, houseAccountId, worldAccountId } from '../accounts/index.js';
import type { AccountRef, Books } from './books.js';
import type { PostToAccount } from './commands.js';
import type { FactKey } from './ids.js';
import type { PreparedCommand } from './prepared-command.js';

/** State that must be in the books before commands can be decided. */
export interface Requirements {
  readonly accounts: AccountRef[];
  readonly reversals: FactKey[];
}

/** What of the deployment's configuration decisions depend on. */
export interface CoreSettings {
  readonly defaultCurrency: string;
}

/**
 * What the books lack to decide these commands together. A system account is known only when the currency of the
 * account is, so after loading, ask again until nothing is missing: twice at most. May name an account twice.
 */
export function missingFor(
  commands: readonly PreparedCommand[],
  settings: CoreSettings,
  books: Books,
): Requirements {
  const missing: Requirements = { accounts: [], reversals: [] };
  const currencies = new Currencies(commands, settings, books);
  for (const prepared of commands) {
    for (const ref of requiredAccounts(prepared, settings, currencies)) {
      if (books.find(ref.bucket)?.accounts.get(ref.accountId) === undefined) missing.accounts.push(ref);
    }
    if (prepared.command.kind !== 'reverse') continue;
    const { key } = prepared.command.original;
    if (books.find(key.bucket)?.reversals.get(key.sequence) === undefined) missing.reversals.push(key);
  }
  return missing;
}

/**
 * The currencies that an account may have when its turn comes. An account that is absent now may be opened by a
 * command of the same batch, and which of them gets to do it is not known before they are decided.
 */
class Currencies {
  readonly #books: Books;
  readonly #opened = new Map<string, Set<string>>();

  constructor(commands: readonly PreparedCommand[], settings: CoreSettings, books: Books) {
    this.#books = books;
    for (const { command, homeBucket: bucket } of commands) {
      if (command.kind !== 'post-to-account' && command.kind !== 'open-account') continue;
      if (command.kind === 'post-to-account' && !command.opensAccount) continue;
      const { accountId, currency = settings.defaultCurrency } = command;
      if (books.find(bucket)?.accounts.get(accountId)) continue;
      const key = `${bucket} ${accountId}`;
      const known = this.#opened.get(key);
      if (known) known.add(currency);
      else this.#opened.set(key, new Set([currency]));
    }
  }

  of({ bucket, accountId }: AccountRef): readonly string[] {
    const account = this.#books.find(bucket)?.accounts.get(accountId);
    if (account) return [account.currency];
    return [...(this.#opened.get(`${bucket} ${accountId}`) ?? [])];
  }
}

function requiredAccounts(
  { command, homeBucket, buckets }: PreparedCommand,
  settings: CoreSettings,
  currencies: Currencies,
): AccountRef[] {
  switch (command.kind) {
    case 'post-to-account':
      return forPosting(command, homeBucket, currencies);
    case 'open-account':
      return [
        { bucket: homeBucket, accountId: command.accountId },
        { bucket: homeBucket, accountId: worldAccountId(command.currency ?? settings.defaultCurrency) },
      ];
    case 'transfer': {
      const from = { bucket: homeBucket, accountId: command.fromAccountId };
      const to = { bucket: buckets.at(-1) ?? homeBucket, accountId: command.toAccountId };
      return forTransfer(from, to, currencies);
    }
    case 'reverse':
      return command.original.legs.map(({ bucket, accountId }) => ({ bucket, accountId }));
    default:
      return [{ bucket: homeBucket, accountId: command.accountId }];
  }
}

function forPosting(command: PostToAccount, bucket: number, currencies: Currencies): AccountRef[] {
  const ref = { bucket, accountId: command.accountId };
  const counterparts = currencies.of(ref).map((currency) => counterpartIdOf(command, currency));
  return [ref, ...counterparts.map((accountId) => ({ bucket, accountId }))];
}

function forTransfer(from: AccountRef, to: AccountRef, currencies: Currencies): AccountRef[] {
  const [paid, received] = [currencies.of(from), currencies.of(to)];
  const isConversion = paid.some((currency) => received.some((other) => other !== currency));
  if (!isConversion) return [from, to];
  return [
    from,
    to,
    ...paid.map((currency) => ({ bucket: from.bucket, accountId: fxAccountId(currency) })),
    ...received.map((currency) => ({ bucket: to.bucket, accountId: fxAccountId(currency) })),
  ];
}

/** The system account on the other side of a posting. */
export function counterpartIdOf(command: PostToAccount, currency: string): string {
  return command.counterpart === 'world' ? worldAccountId(currency) : houseAccountId(currency);
}
