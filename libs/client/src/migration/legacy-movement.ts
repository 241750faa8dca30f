import { randomUUID } from 'node:crypto';
import type { Movement } from '../operations/index.js';

export interface LegacyMovement {
  readonly type: string;
  readonly accountId: string;
  readonly amount: bigint;
  /** What the old path says the balance is now. */
  readonly balanceAfter: bigint;
  /** Absent: what the amount makes of it, taken away for WITHDRAW and BUY_IN and added for all other types. */
  readonly balanceBefore?: bigint | undefined;
  readonly transactionId?: string | undefined;
  /** Default CHIPS. */
  readonly currency?: string | undefined;
}

const TAKING: ReadonlySet<string> = new Set(['WITHDRAW', 'BUY_IN']);

/** A movement of the old path from what such services usually tell. */
export function legacyMovement(movement: LegacyMovement): Movement {
  const { type, accountId, amount, balanceAfter, currency = 'CHIPS' } = movement;
  const signed = TAKING.has(type) ? -amount : amount;
  const { balanceBefore = balanceAfter - signed, transactionId = `legacy-${randomUUID()}` } = movement;
  const committedAt = new Date();
  return { transactionId, type, accountId, currency, amount, balanceBefore, balanceAfter, committedAt };
}
