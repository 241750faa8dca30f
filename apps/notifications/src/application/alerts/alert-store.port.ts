import type { Alert, AlertChange, AlertReport, AlertStatus, AlertType } from './alert.js';

/** The last alert of the page before. */
export interface AlertPosition {
  readonly openedAtMs: bigint;
  readonly alertId: string;
}

export interface AlertQuery {
  readonly accountId?: string;
  readonly type?: AlertType;
  readonly status?: AlertStatus;
  readonly after?: AlertPosition;
  readonly limit: number;
}

/** Keeps alerts. Throws an outage when it cannot be reached. */
export abstract class AlertStore {
  /** Opens and closes what the reports say, all of it or nothing. Returns what changed; nothing for repetitions. */
  abstract report(reports: readonly AlertReport[]): Promise<readonly AlertChange[]>;
  /** Newest first. */
  abstract list(query: AlertQuery): Promise<readonly Alert[]>;
}

/** Is told of each alert that was opened or closed, once. */
export abstract class AlertObserver {
  abstract changed(change: AlertChange): void;
}
