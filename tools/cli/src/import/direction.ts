/** What a statement's direction column says: credit pays in, debit pays out. */
export type Direction = 'credit' | 'debit';

const WORDS = new Map<string, Direction>([
  ['credit', 'credit'],
  ['c', 'credit'],
  ['in', 'credit'],
  ['+', 'credit'],
  ['debit', 'debit'],
  ['d', 'debit'],
  ['out', 'debit'],
  ['-', 'debit'],
]);

/** Reads credit/debit, c/d, in/out or +/- in any case; undefined for anything else. */
export function parseDirection(text: string): Direction | undefined {
  return WORDS.get(text.trim().toLowerCase());
}
