import type { balanceV1 } from '@steelyard/contracts/grpc';
import { refuse, type Refusal } from '@steelyard/domain/result';
import type { CommandRequest } from '../application/execute-commands/command-request.js';
import { decodeOpenAccount, decodeSetAccountStatus, decodeUpdateAccount } from './decode-account-command.js';
import {
  decodeChange,
  decodeDeposit,
  decodeReverse,
  decodeTransfer,
  decodeWithdraw,
} from './decode-money-command.js';
import {
  decodeCommitReservation,
  decodeExtendReservation,
  decodeReleaseReservation,
  decodeReserve,
} from './decode-reservation-command.js';
import {
  decodeCancelPot,
  decodeCashOut,
  decodeContribute,
  decodeReturnContribution,
  decodeSetTablePolicy,
  decodeSettlePot,
} from './decode-table-command.js';

type Decoded = CommandRequest['command'];
export type CommandBody = NonNullable<balanceV1.Command['body']>;

const KEY_PATTERN = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** A command from the wire; a malformed one becomes its refusal. Nothing is ever guessed or rounded. */
export function decodeCommand(wire: balanceV1.Command): CommandRequest {
  const idempotencyKey = wire.idempotencyKey === '' ? null : wire.idempotencyKey;
  return {
    command: refuseKey(wire, idempotencyKey) ?? decodeBody(wire.body),
    idempotencyKey,
    atomicGroup: wire.atomicGroup,
    isDryRun: wire.dryRun,
  };
}

function refuseKey(wire: balanceV1.Command, key: string | null): Refusal | undefined {
  if (key !== null) {
    if (KEY_PATTERN.test(key)) return undefined;
    const message = 'idempotencyKey must be 1-255 printable ASCII characters';
    return refuse('INVALID_IDEMPOTENCY_KEY', message, 'idempotencyKey');
  }
  if (wire.dryRun || !needsKey(wire.body)) return undefined;
  const message = 'a command that moves money needs an idempotency key';
  return refuse('MISSING_IDEMPOTENCY_KEY', message, 'idempotencyKey');
}

/** What would have an effect once more when it is sent once more. */
function needsKey(body: CommandBody | undefined): boolean {
  switch (body?.$case) {
    case 'openAccount':
      return body.value.initialBalance !== 0n;
    case 'updateAccount':
    case 'setAccountStatus':
    case 'commitReservation':
    case 'releaseReservation':
    case 'extendReservation':
    case 'cancelPot':
    case 'setTablePolicy':
    case undefined:
      return false;
    default:
      return true;
  }
}

function decodeBody(body: CommandBody | undefined): Decoded {
  switch (body?.$case) {
    case 'openAccount':
      return decodeOpenAccount(body.value);
    case 'updateAccount':
      return decodeUpdateAccount(body.value);
    case 'setAccountStatus':
      return decodeSetAccountStatus(body.value);
    case 'deposit':
      return decodeDeposit(body.value);
    case 'withdraw':
      return decodeWithdraw(body.value);
    case 'change':
      return decodeChange(body.value);
    case 'transfer':
      return decodeTransfer(body.value);
    case 'reverse':
      return decodeReverse(body.value);
    case 'reserve':
      return decodeReserve(body.value);
    case 'commitReservation':
      return decodeCommitReservation(body.value);
    case 'releaseReservation':
      return decodeReleaseReservation(body.value);
    case 'extendReservation':
      return decodeExtendReservation(body.value);
    case 'cashOut':
      return decodeCashOut(body.value);
    case 'contribute':
      return decodeContribute(body.value);
    case 'returnContribution':
      return decodeReturnContribution(body.value);
    case 'settlePot':
      return decodeSettlePot(body.value);
    case 'cancelPot':
      return decodeCancelPot(body.value);
    case 'setTablePolicy':
      return decodeSetTablePolicy(body.value);
    case undefined:
      return refuse('INVALID_REQUEST', 'a command needs a body');
  }
}
