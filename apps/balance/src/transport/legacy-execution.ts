import { randomUUID } from 'node:crypto';
import { ERROR_TABLE } from '@steelyard/contracts/errors';
import type { balanceV1, legacyBalance } from '@steelyard/contracts/grpc';
import type { Account } from '@steelyard/domain/accounts';
import type { Granted } from '@steelyard/domain/posting';
import { invariant, isRefusal, type Refusal } from '@steelyard/domain/result';
import { RpcError, type RpcHandlers } from '@steelyard/platform/rpc';
import type { ExecuteCommandsHandler } from '../application/execute-commands/execute-commands.handler.js';
import type { ReadAccountsHandler } from '../application/read-accounts/read-accounts.handler.js';
import type { ReadReservationsHandler } from '../application/read-reservations/read-reservations.handler.js';
import type { ReadTablesHandler } from '../application/read-tables/read-tables.handler.js';
import { decodeCommand, type CommandBody } from './decode-command.js';

export type LegacyBalanceHandlers = RpcHandlers<typeof legacyBalance.BalanceServiceService>;

/** The use cases behind the replaced service. */
export interface LegacyUseCases {
  readonly executeCommands: ExecuteCommandsHandler;
  readonly readAccounts: ReadAccountsHandler;
  readonly readReservations: ReadReservationsHandler;
  readonly readTables: ReadTablesHandler;
  readonly defaultCurrency: string;
}

/** A business refusal in the words of the replaced service. */
export interface LegacyRefusal {
  readonly kind: 'legacy-refusal';
  readonly error: string;
}

const REASON_LENGTH_MAX = 500;

/**
 * Executes the command that an old call stands for.
 *
 * @param key what the caller gave as idempotency key; null for calls that have none. Callers of the old service may
 * leave it empty: then the call is not told apart from one that is sent again. It gets a key of its own all the
 * same, so that within this service a repeated attempt at the same call has one effect.
 *
 * Throws RpcError (INVALID_ARGUMENT) for a malformed request, OutageError when nothing is known.
 */
export async function executeLegacy<Kind extends Granted['kind']>(
  { executeCommands }: LegacyUseCases,
  kind: Kind,
  { body, key }: { readonly body: CommandBody; readonly key: string | null },
): Promise<Extract<Granted, { kind: Kind }> | LegacyRefusal> {
  const idempotencyKey = key === '' ? randomUUID() : (key ?? '');
  const request = decodeCommand({ idempotencyKey, atomicGroup: 0, dryRun: false, body });
  const [answer] = await executeCommands.execute([request]);
  invariant(answer, 'every command has an answer');
  const { outcome } = answer;
  if (isRefusal(outcome)) return { kind: 'legacy-refusal', error: legacyError(outcome) };
  invariant(isOfKind(outcome, kind), `the command is answered with a ${kind}`);
  return outcome;
}

/** True for a refusal; narrows the other side to what was granted. */
export function isLegacyRefusal(answer: Granted | LegacyRefusal): answer is LegacyRefusal {
  return answer.kind === 'legacy-refusal';
}

/**
 * The old service's word for a refusal. What it did not know goes by our name: ACCOUNT_FROZEN, IDEMPOTENCY_CONFLICT
 * and such. Throws RpcError (INVALID_ARGUMENT) when the request was malformed.
 */
function legacyError({ code, message }: Refusal): string {
  if (code === 'INVALID_AMOUNT' || code === 'AMOUNT_OUT_OF_RANGE') return 'INVALID_AMOUNT';
  if (ERROR_TABLE[code].grpcStatus !== 'INVALID_ARGUMENT') return code;
  throw new RpcError('INVALID_ARGUMENT', `${code}: ${message}`);
}

function isOfKind<Kind extends Granted['kind']>(
  outcome: Granted,
  kind: Kind,
): outcome is Extract<Granted, { kind: Kind }> {
  return outcome.kind === kind;
}

/** The account as it is now; undefined when there is none. Throws OutageError. */
export async function accountNow(
  { readAccounts }: LegacyUseCases,
  accountId: string,
): Promise<Account | undefined> {
  const [account] = await readAccounts.byIds([accountId]);
  return account;
}

/**
 * Why a call was made. Old callers put anything here, texts of errors too: it is made to fit, because funds must not
 * stay held for the sake of a line break.
 */
export function legacyDetails(reason: string): balanceV1.Details {
  const fitting = reason.replace(/\p{Cc}+/gu, ' ').trim();
  return {
    reason: fitting.slice(0, REASON_LENGTH_MAX),
    source: '',
    performedBy: '',
    agentId: '',
    metadataJson: '',
    effectiveAtMs: undefined,
  };
}
