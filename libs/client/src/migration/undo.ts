import type { Granted } from '../answers/index.js';
import type { Executor } from '../dispatch/index.js';
import { derivedKey } from '../keys/derived-key.js';
import type { OperationKind } from '../operations/index.js';

const REASON = 'The path that decides had refused it';
/** Whose movement is a transaction of their own that can be reversed. */
const REVERSED: ReadonlySet<OperationKind> = new Set([
  'deposit',
  'withdraw',
  'transfer',
  'cashOut',
  'commit',
  'buyIn',
]);

/** Takes back what our path granted and the old one refused, so that one disagreement does not lead to more. */
export async function undo(
  service: Executor,
  kind: OperationKind,
  granted: Granted<unknown>,
): Promise<boolean> {
  const idempotencyKey = derivedKey(granted.idempotencyKey, 'undo');
  const { value } = granted;
  if (typeof value !== 'object' || value === null) return false;
  if (kind === 'reserve' && 'reservationId' in value) {
    const input = { reservationId: String(value.reservationId), reason: REASON };
    return (await service.execute({ kind: 'release', input, idempotencyKey }, {})).ok;
  }
  if (!REVERSED.has(kind) || !('transactionId' in value)) return false;
  const input = { transactionId: String(value.transactionId), reason: REASON };
  return (await service.execute({ kind: 'reverse', input, idempotencyKey }, {})).ok;
}
