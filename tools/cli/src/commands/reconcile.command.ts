import type { Command } from 'commander';
import {
  asObject,
  asObjects,
  integerOf,
  requiredInteger,
  textOf,
  type JsonObject,
} from '../api/json-reader.js';
import type { CommandContext } from './command-context.js';
import { withConnection, type ConnectionFlags } from './connection.options.js';
import { runCheck, type CheckedPlatform } from './platform-check.js';

// A call of this size takes well under a second, so the progress moves and Ctrl-C is quick.
const ACCOUNTS_PER_CALL = 500;
// The platform answers when the whole chain is recomputed: some ten thousand entries take a second. Node's own client
// waits no longer than this for the beginning of an answer.
const LONG_CHECK_TIMEOUT_MS = 300_000;
const REASON_DEFAULT = 'steelyard reconcile';

interface ReconcileFlags extends ConnectionFlags {
  readonly account?: string;
  readonly repair?: boolean;
  readonly reason: string;
  readonly quiet?: boolean;
}

/** `steelyard reconcile`: compares stored balances with the ledger, and restores those that have drifted if asked to. */
export function addReconcileCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('reconcile')
    .description('compare every stored balance, or one, with the ledger, and restore what has drifted')
    .option('--account <id>', 'only this account')
    .option('--repair', 'restore what has drifted; without it nothing is changed')
    .option('--reason <text>', 'written down with what is restored', REASON_DEFAULT)
    .option('--quiet', 'show no progress');
  withConnection(command).action((flags: ReconcileFlags) =>
    runCheck(flags, context, (platform) =>
      flags.account === undefined
        ? reconcileAll(platform, flags)
        : reconcileOne(platform, flags.account, flags),
    ),
  );
}

/** True when the account agrees with the ledger in the end. */
async function reconcileOne(
  platform: CheckedPlatform,
  accountId: string,
  { repair = false, reason }: ReconcileFlags,
): Promise<boolean> {
  const path = `/ledger/accounts/${encodeURIComponent(accountId)}`;
  if (!repair) {
    const validation = await platform.post(`${path}/validate`, {}, LONG_CHECK_TIMEOUT_MS);
    platform.print(describeValidation(validation));
    return validation['valid'] === true;
  }
  const reconciled = await platform.post(`${path}/reconcile`, { reason }, LONG_CHECK_TIMEOUT_MS);
  const after = asObject(reconciled['after'], 'after');
  if (reconciled['repaired'] === true) {
    platform.print(describeValidation(asObject(reconciled['before'], 'before')));
    platform.print(`account ${accountId}: restored`);
  }
  platform.print(describeValidation(after));
  return after['valid'] === true;
}

/** True when every account agrees with the ledger in the end. */
async function reconcileAll(
  platform: CheckedPlatform,
  { repair = false, reason, quiet = false }: ReconcileFlags,
): Promise<boolean> {
  const status = await platform.get('/ledger/status');
  let repaired = 0;
  const { items: accounts, findings: drifted } = await platform.walk({
    path: '/ledger/reconcile',
    request: (cursor) => ({ limit: ACCOUNTS_PER_CALL, repair, reason, cursor }),
    read: (page) => {
      repaired += Number(requiredInteger(page, 'repaired'));
      return {
        items: Number(requiredInteger(page, 'accountsChecked')),
        findings: asObjects(page['drifted'], 'drifted').map(describeValidation),
      };
    },
    unit: 'accounts',
    total: Number(integerOf(status, 'accounts') ?? 0n),
    isQuiet: quiet,
  });
  platform.print(`accounts ${accounts}, drifted ${drifted}, restored ${repaired}`);
  const left = drifted - repaired;
  platform.print(left === 0 ? 'every account agrees with the ledger' : `${left} accounts do NOT agree`);
  return left === 0;
}

/** "account 2378: agrees, balance 120", or what does not agree, with both balances. */
export function describeValidation(validation: JsonObject): string {
  const accountId = textOf(validation, 'accountId') ?? '?';
  const chains = asObjects(validation['chains'], 'chains');
  if (validation['valid'] === true) {
    const balance = chains.reduce((sum, chain) => sum + requiredInteger(chain, 'storedBalance'), 0n);
    return `account ${accountId}: agrees, balance ${balance}`;
  }
  const wrong = chains.filter((chain) => faultsOf(chain).length > 0);
  return wrong
    .map((chain) => {
      // Accounts of the platform itself have a chain in every bucket.
      const bucket = accountId.startsWith('@') ? ` in bucket ${integerOf(chain, 'bucket') ?? '?'}` : '';
      const stored = requiredInteger(chain, 'storedBalance');
      const expected = requiredInteger(chain, 'lastEntryBalance');
      return `account ${accountId}${bucket}: DRIFTED: balance ${stored}, by its entries ${expected}: ${faultsOf(chain).join('; ')}`;
    })
    .join('\n');
}

function faultsOf(chain: JsonObject): readonly string[] {
  const faults = chain['faults'];
  return Array.isArray(faults) ? faults.filter((fault) => typeof fault === 'string') : [];
}
