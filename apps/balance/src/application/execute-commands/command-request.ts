import type { Command, Details, Reverse } from '@steelyard/domain/posting';
import type { Refusal } from '@steelyard/domain/result';

/** A reversal as a caller asks for it; the transaction is looked up before the engine gets it. */
export interface ReverseById {
  readonly kind: 'reverse-by-id';
  readonly transactionId: string;
  readonly amount?: bigint;
  readonly details: Details;
}

/** One command of a request, its form checked: a malformed one is already its refusal. */
export interface CommandRequest {
  readonly command: Exclude<Command, Reverse> | ReverseById | Refusal;
  readonly idempotencyKey: string | null;
  /** 0: stands alone; commands with the same other number are applied all or none. */
  readonly atomicGroup: number;
  readonly isDryRun: boolean;
}
