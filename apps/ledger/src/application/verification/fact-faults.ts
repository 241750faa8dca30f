/** What can be wrong with a fact itself. */
export type FactFaultName = 'missing' | 'empty' | 'unbalanced' | 'beyond';

const REASONS: Readonly<Record<FactFaultName, string>> = {
  missing: 'is missing',
  empty: 'is a transaction with less than two entries',
  unbalanced: 'is a transaction whose entries do not sum to zero',
  beyond: 'lies beyond the last one that the bucket knows of',
};

/** Entries that a transaction has at least: value leaves somewhere and arrives somewhere. */
export const ENTRIES_PER_TRANSACTION_MIN = 2;

/** Says what is wrong with a fact; `transactionId` is empty when the fact does not tell. */
export function factFaultReason(
  fault: FactFaultName,
  fact: { readonly bucket: number; readonly sequence: bigint; readonly transactionId: string },
): string {
  const name = fact.transactionId === '' ? '' : ` (${fact.transactionId})`;
  return `fact ${fact.sequence} of bucket ${fact.bucket}${name} ${REASONS[fault]}`;
}
