import type { Refused } from '@steelyard/client';
import type { Broken } from '../game/index.js';

/** Done, or why not: a rule of the table forbids it, or the platform refuses it. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | Broken | Refused;

/** What is worth a line in the log. The server's own logger fits. */
export interface Log {
  info(details: object, event: string): void;
  warn(details: object, event: string): void;
  error(details: object, event: string): void;
}
