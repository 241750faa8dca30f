import type {
  AttributionRequest,
  ChangeMove,
  SingleAccountMove,
  TransferMove,
} from '@steelyard/rest/posting';

interface Keyed extends AttributionRequest {
  readonly idempotencyKey: string;
}

/** One item of a batch: what it does, to which accounts, under its own key. */
export type BatchItem =
  | (Keyed & SingleAccountMove & { readonly type: 'DEPOSIT' | 'BONUS' | 'REFERRAL' | 'WITHDRAW' })
  | (Keyed & ChangeMove & { readonly type: 'WAGER' | 'SETTLEMENT' | 'ADJUSTMENT' })
  | (Keyed & TransferMove & { readonly type: 'TRANSFER' });

/** independent: each item stands alone. atomic: all of them or none. */
export type BatchMode = 'independent' | 'atomic';
