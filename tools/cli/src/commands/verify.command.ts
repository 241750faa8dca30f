import type { Command } from 'commander';
import {
  asObjects,
  integerOf,
  isJsonObject,
  requiredInteger,
  textOf,
  type JsonObject,
} from '../api/json-reader.js';
import type { CommandContext } from './command-context.js';
import { withConnection, type ConnectionFlags } from './connection.options.js';
import { describeSpeed, runCheck, type CheckedPlatform } from './platform-check.js';

// A call of this size takes well under a second, so the progress moves and Ctrl-C is quick.
const ACCOUNTS_PER_CALL = 200;

interface VerifyFlags extends ConnectionFlags {
  readonly account?: string;
  readonly quiet?: boolean;
}

/** `steelyard verify`: recomputes the chain of one account or of all. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description(
      'recompute the chain of every account, or of one, and check that every currency sums to zero',
    )
    .option('--account <id>', 'only this account')
    .option('--quiet', 'show no progress');
  withConnection(command).action(({ account, quiet = false, ...connection }: VerifyFlags) =>
    runCheck(connection, context, (platform) =>
      account === undefined ? verifyAll(platform, quiet) : verifyOne(platform, account, quiet),
    ),
  );
}

/** Step by step: each is a short request, however long the chain is. */
async function verifyOne(platform: CheckedPlatform, accountId: string, isQuiet: boolean): Promise<boolean> {
  const id = encodeURIComponent(accountId);
  const listed = await platform.get(`/accounts/${id}/ledger?limit=1`);
  let last: JsonObject = {};
  let entries = 0n;
  await platform.walk({
    path: `/ledger/accounts/${id}/verify`,
    request: (cursor) => ({ cursor }),
    read: (step) => {
      const before = entries;
      entries = requiredInteger(step, 'entriesChecked');
      last = step;
      return { items: Number(entries - before), findings: [] };
    },
    unit: 'entries',
    total: Number(requiredInteger(listed, 'total')),
    isQuiet,
  });
  const isValid = last['valid'] === true;
  platform.print(
    isValid ? `account ${accountId}: valid, ${entries} entries` : describeFailure({ accountId, ...last }),
  );
  return isValid;
}

async function verifyAll(platform: CheckedPlatform, isQuiet: boolean): Promise<boolean> {
  const status = await platform.get('/ledger/status');
  const startedMs = performance.now();
  let entries = 0;
  const { items: accounts, findings: failures } = await platform.walk({
    path: '/ledger/verify',
    request: (cursor) => ({ limit: ACCOUNTS_PER_CALL, cursor }),
    read: (page) => {
      entries += Number(requiredInteger(page, 'entriesChecked'));
      return {
        items: Number(requiredInteger(page, 'accountsChecked')),
        findings: asObjects(page['failures'], 'failures').map(describeFailure),
      };
    },
    unit: 'accounts',
    total: Number(integerOf(status, 'accounts') ?? 0n),
    isQuiet,
  });
  platform.print(`accounts ${accounts}, ${describeSpeed(entries, startedMs)}`);
  platform.print(failures === 0 ? 'every chain is valid' : `${failures} accounts are NOT valid`);
  return areSumsZero(platform, status) && failures === 0;
}

function areSumsZero(platform: CheckedPlatform, status: JsonObject): boolean {
  let areZero = true;
  for (const line of asObjects(status['sums'], 'sums')) {
    const sum = requiredInteger(line, 'sumOfEntries');
    areZero &&= sum === 0n;
    platform.print(`${textOf(line, 'currency') ?? '?'} sums to ${sum}${sum === 0n ? '' : ': it must be 0'}`);
  }
  return areZero;
}

/** "account 2378: invalid at sequence 17 (entry …): checksum differs" */
export function describeFailure(failure: JsonObject): string {
  const accountId = textOf(failure, 'accountId') ?? '?';
  // Accounts of the platform itself have a chain in every bucket.
  const bucket = accountId.startsWith('@') ? ` in bucket ${integerOf(failure, 'bucket') ?? '?'}` : '';
  const entry = failure['firstInvalidEntry'];
  const where = isJsonObject(entry)
    ? ` at sequence ${integerOf(entry, 'sequence') ?? '?'} (entry ${textOf(entry, 'entryId') ?? '?'})`
    : '';
  return `account ${accountId}${bucket}: INVALID${where}: ${textOf(failure, 'reason') ?? 'no reason given'}`;
}
