/** What there are alerts for. Each questions the books, so each is critical. */
export const ALERT_TYPES = ['integrity_failure', 'drift', 'inflation_detected'] as const;

export type AlertType = (typeof ALERT_TYPES)[number];

export const ALERT_STATUSES = ['open', 'closed'] as const;

export type AlertStatus = (typeof ALERT_STATUSES)[number];

export type AlertLevel = 'critical';

export function isAlertType(name: string): name is AlertType {
  return ALERT_TYPES.some((type) => type === name);
}

/** Something that happened, or that is over, as whoever noticed it says. */
export interface AlertReport {
  /** Names the occurrence: reporting it again changes nothing. */
  readonly occurrenceId: string;
  readonly type: AlertType;
  /** Empty when it is about no account. */
  readonly accountId: string;
  readonly message: string;
  /** JSON object. */
  readonly detailJson: string;
  readonly occurredAtMs: bigint;
  /** What was reported under this id is over. */
  readonly isResolved: boolean;
}

export interface Alert {
  readonly alertId: string;
  readonly type: AlertType;
  readonly accountId: string;
  readonly level: AlertLevel;
  readonly message: string;
  readonly detailJson: string;
  readonly openedAtMs: bigint;
  /** Absent while it is open. */
  readonly closedAtMs?: bigint;
}

/** An alert that was opened or closed now. */
export interface AlertChange {
  readonly kind: 'opened' | 'closed';
  readonly alertId: string;
  readonly type: AlertType;
  readonly accountId: string;
  readonly level: AlertLevel;
  readonly occurrenceId: string;
}

export function levelOf(type: AlertType): AlertLevel {
  switch (type) {
    case 'integrity_failure':
    case 'drift':
    case 'inflation_detected':
      return 'critical';
  }
}

/**
 * What there is at most one open alert of a type for. A state of an account is one alert, however often and by how
 * many it is noticed; chips that came from nowhere are an event, to be looked at each time.
 */
export function subjectOf({ type, accountId, occurrenceId }: AlertReport): string {
  const isState = type !== 'inflation_detected' && accountId !== '';
  return isState ? accountId : occurrenceId;
}
