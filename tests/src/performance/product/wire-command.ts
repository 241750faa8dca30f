import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Move } from '../load/move.js';

/** A command as the balance app takes it over gRPC. */
export function wireCommand(move: Move): balanceV1.Command {
  return { idempotencyKey: move.key, atomicGroup: 0, dryRun: false, body: bodyOf(move) };
}

/** An item of `POST /transactions/batch`. */
export function batchItem(move: Move): Readonly<Record<string, unknown>> {
  const { key: idempotencyKey, amount } = move;
  const particulars = { idempotencyKey, amount, ...move.particulars };
  return move.kind === 'deposit'
    ? { type: 'DEPOSIT', accountId: move.accountId, ...particulars }
    : { type: 'TRANSFER', from: move.from, to: move.to, ...particulars };
}

function bodyOf(move: Move): NonNullable<balanceV1.Command['body']> {
  const amount = BigInt(move.amount);
  const details = {
    reason: move.particulars.reason ?? '',
    source: '',
    performedBy: '',
    agentId: '',
    metadataJson: JSON.stringify(move.particulars.metadata ?? {}),
  };
  if (move.kind === 'deposit') {
    return { $case: 'deposit', value: { accountId: move.accountId, amount, currency: '', details } };
  }
  const { from: fromAccountId, to: toAccountId } = move;
  return { $case: 'transfer', value: { fromAccountId, toAccountId, amount, type: '', rate: '', details } };
}
