import { fxAccountId, houseAccountId, worldAccountId } from '../accounts/index.js';
import type { AccountRef, Books } from './books.js';
import type { PostToAccount, Transfer } from './commands.js';
import type { FactKey } from './ids.js';
import type { PreparedCommand } from './prepared-command.js';

/** State that must be in the books before a command can be decided. */
export interface Requirements {
  readonly accounts: AccountRef[];
  readonly reversals: FactKey[];
}

/**
 * Adds to `missing` what the books lack to decide the command. A system account is known only when the currency
 * of the account is, so after loading, ask again until nothing is missing: twice at most.
 */
export function addMissing(
  prepared: PreparedCommand,
  settings: CoreSettings,
  books: Books,
  missing: Requirements,
): void {
  for (const ref of requiredAccounts(prepared, settings, books)) {
    if (books.find(ref.bucket)?.accounts.get(ref.accountId) === undefined) missing.accounts.push(ref);
  }
  if (prepared.command.kind !== 'reverse') return;
  const { key } = prepared.command.original;
  if (books.find(key.bucket)?.reversals.get(key.sequence) === undefined) missing.reversals.push(key);
}

/** What of the deployment's configuration decisions depend on. */
export interface CoreSettings {
  readonly defaultCurrency: string;
}

function requiredAccounts(prepared: PreparedCommand, settings: CoreSettings, books: Books): AccountRef[] {
  const { command, homeBucket, buckets } = prepared;
  switch (command.kind) {
    case 'post-to-account':
      return forPosting(command, homeBucket, settings, books);
    case 'open-account':
      return [
        { bucket: homeBucket, accountId: command.accountId },
        { bucket: homeBucket, accountId: worldAccountId(command.currency ?? settings.defaultCurrency) },
      ];
    case 'transfer':
      return forTransfer(command, homeBucket, buckets.at(-1) ?? homeBucket, books);
    case 'reverse':
      return command.original.legs.map(({ bucket, accountId }) => ({ bucket, accountId }));
    default:
      return [{ bucket: homeBucket, accountId: command.accountId }];
  }
}

function forPosting(
  command: PostToAccount,
  bucket: number,
  settings: CoreSettings,
  books: Books,
): AccountRef[] {
  const ref = { bucket, accountId: command.accountId };
  const account = books.find(bucket)?.accounts.get(command.accountId);
  if (account === undefined) return [ref];
  const currency = account?.currency ?? command.currency ?? settings.defaultCurrency;
  return [ref, { bucket, accountId: counterpartIdOf(command, currency) }];
}

function forTransfer(command: Transfer, fromBucket: number, toBucket: number, books: Books): AccountRef[] {
  const refs = [
    { bucket: fromBucket, accountId: command.fromAccountId },
    { bucket: toBucket, accountId: command.toAccountId },
  ];
  const from = books.find(fromBucket)?.accounts.get(command.fromAccountId);
  const to = books.find(toBucket)?.accounts.get(command.toAccountId);
  if (!from || !to || from.currency === to.currency) return refs;
  refs.push({ bucket: fromBucket, accountId: fxAccountId(from.currency) });
  refs.push({ bucket: toBucket, accountId: fxAccountId(to.currency) });
  return refs;
}

/** The system account on the other side of a posting. */
export function counterpartIdOf(command: PostToAccount, currency: string): string {
  return command.counterpart === 'world' ? worldAccountId(currency) : houseAccountId(currency);
}
