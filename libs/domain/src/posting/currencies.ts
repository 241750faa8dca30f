import { bucketOf } from '../accounts/index.js';
import { winnersOf } from './command-places.js';
import { potText, type AccountRef, type Books, type PotRef } from './books.js';
import type { Command } from './commands.js';
import type { CoreSettings } from './core-settings.js';
import type { PreparedCommand } from './prepared-command.js';

/**
 * The currencies that an account or a pot may have when its turn comes. What is absent now may be opened by a
 * command of the same batch, and which of them gets to do it is not known before they are decided.
 */
export class Currencies {
  readonly #books: Books;
  readonly #opened = new Map<string, Set<string>>();

  constructor(commands: readonly PreparedCommand[], settings: CoreSettings, books: Books) {
    this.#books = books;
    for (const { command, homeBucket: bucket } of commands) {
      const opened = openedBy(command);
      if (opened === undefined) continue;
      this.#add(`${bucket} ${opened.name}`, opened.currency ?? settings.defaultCurrency);
    }
    // A settlement opens the accounts of unknown winners, in the currency of the pot.
    for (const { command, homeBucket } of commands) {
      if (command.kind !== 'settle-pot') continue;
      for (const currency of this.ofPot({ ...command, bucket: homeBucket })) {
        for (const { accountId } of winnersOf(command)) {
          this.#add(`${bucketOf(accountId, settings.buckets)} ${accountId}`, currency);
        }
      }
    }
  }

  of({ bucket, accountId }: AccountRef): readonly string[] {
    const account = this.#books.find(bucket)?.accounts.get(accountId);
    if (account) return [account.currency];
    return [...(this.#opened.get(`${bucket} ${accountId}`) ?? [])];
  }

  ofPot(ref: PotRef): readonly string[] {
    const text = potText(ref);
    const pot = this.#books.find(ref.bucket)?.pots.get(text);
    if (pot) return [pot.currency];
    return [...(this.#opened.get(`${ref.bucket} ${text}`) ?? [])];
  }

  #add(key: string, currency: string): void {
    const known = this.#opened.get(key);
    if (known) known.add(currency);
    else this.#opened.set(key, new Set([currency]));
  }
}

/** The account or pot that a command may open in its home bucket. */
function openedBy(command: Command): { name: string; currency: string | undefined } | undefined {
  switch (command.kind) {
    case 'open-account':
      return { name: command.accountId, currency: command.currency };
    case 'post-to-account':
      return command.opensAccount ? { name: command.accountId, currency: command.currency } : undefined;
    case 'contribute':
      return { name: potText(command), currency: command.currency };
    default:
      return undefined;
  }
}
