import type { EscrowPolicy } from '@steelyard/client';

/** What `steelyard replay-hands` was asked to do. */
export interface ReplayOptions {
  readonly file: string;
  /** Names accounts, tables and keys; undefined: after the content of the file. */
  readonly run: string | undefined;
  /** Cash-outs include the winnings, although the settlement has credited them to the accounts. */
  readonly doubleCount: boolean;
  readonly escrowPolicy: EscrowPolicy;
  /** Tables played at once. */
  readonly inFlight: number;
  readonly retryForMs: number;
  readonly quiet: boolean;
  readonly reportFile: string | undefined;
}

/**
 * The name under which a replay can be repeated. A replay of another kind has another name: under the same keys its
 * cash-outs would be other requests.
 */
export function runNameOf({ run, doubleCount, escrowPolicy }: ReplayOptions, digest: string): string {
  const name = run ?? `hands-${digest}`;
  return doubleCount ? `${name}-twice-${escrowPolicy}` : name;
}

/** The ids of a run's own accounts and tables, and the keys of its commands. */
export class RunNames {
  constructor(readonly run: string) {}

  account(player: string): string {
    return `${this.run}.${player}`;
  }

  table(table: string): string {
    return `${this.run}.${table}`;
  }

  /** Of one command: the same whenever the same file is replayed under the same name. */
  key(...parts: readonly (string | number)[]): string {
    return [this.run, ...parts].join('/');
  }
}
