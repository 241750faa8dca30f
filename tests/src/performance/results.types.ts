/** Latencies of the calls of one window, in milliseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** One measured window of one side. */
export interface Sample {
  /** Commands (or transactions) that were granted, and answered after their commit. */
  readonly accepted: number;
  /** Commands refused by a rule of the books. */
  readonly refused: number;
  /** Commands of which nothing is known: their call failed. */
  readonly failed: number;
  /** From the first call to the last answer. */
  readonly seconds: number;
  readonly latencyMs: LatencySummary;
  /** CPU time in seconds by process, where the system tells it. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  /** What PostgreSQL wrote to its log of changes. */
  readonly walBytes: number;
  readonly firstError?: string;
}

/** What is compared: the product in one configuration and load, or a baseline. */
export interface SideResult {
  readonly id: string;
  readonly title: string;
  readonly kind: 'product' | 'baseline';
  /** What one latency is of. */
  readonly call: string;
  /** The rate was prescribed (open loop): it says nothing about how fast the side could be. */
  readonly isPaced: boolean;
  readonly samples: readonly Sample[];
}

/** A measured number that is no rate of commands. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly value: number;
  readonly unit: string;
}

/** What the books of one database were found to hold, compared with what callers were told. */
export interface BooksCheck {
  readonly title: string;
  /** Transactions that callers were told of. */
  readonly accepted: number;
  /** Transactions in the database. */
  readonly stored: number;
  readonly refused: number;
  /** Commands whose call failed: each may or may not be stored. */
  readonly unknown: number;
  readonly idempotencyRows: number;
  readonly entries: number;
  readonly chainsVerified: number;
  readonly entriesVerified: number;
  /** Empty when everything agrees. */
  readonly faults: readonly string[];
}

export interface LegResult {
  readonly name: string;
  readonly title: string;
  readonly sides: readonly SideResult[];
  readonly figures: readonly Figure[];
  readonly checks: readonly BooksCheck[];
  readonly seconds: number;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  readonly pgbench: string;
  /** Of the last minute, before the run began: anything but nearly 0 spoils absolute figures. */
  readonly loadBefore: number;
}

export interface RunConditions {
  readonly startedAt: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly accounts: number;
  readonly manyAccounts: number;
  readonly entries: number;
}

/** All that one run found; the tables are made from this alone. */
export interface BenchResults {
  readonly machine: Machine;
  readonly conditions: RunConditions;
  readonly legs: readonly LegResult[];
  readonly totalSeconds: number;
}
