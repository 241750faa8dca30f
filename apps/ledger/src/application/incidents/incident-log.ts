export const INCIDENT_TYPES = ['integrity_failure', 'drift'] as const;
export type IncidentType = (typeof INCIDENT_TYPES)[number];

/**
 * Which check found it: facts as they come in, the walk over all chains, the ends of an account that spoke against
 * its chain, the walk over seals, the walk over the audit trail, or the reconciliation of an account's row.
 */
export type IncidentSource = 'new_facts' | 'walk' | 'ends' | 'seals' | 'audit' | 'reconciliation';

/** At most one incident with the same key is open, and beside it one that the walk over the audit trail found. */
export interface IncidentKey {
  readonly type: IncidentType;
  readonly bucket: number;
  /** Empty when it is about no account. */
  readonly accountId: string;
}

/** Something that questions the books. */
export interface FoundIncident extends IncidentKey {
  readonly foundBy: IncidentSource;
  /** The first bad entry of the account, 0 when none can be named. */
  readonly sequence: bigint;
  /** Empty when the entry is missing or none can be named. */
  readonly entryId: string;
  /** A sentence. */
  readonly reason: string;
  /** What should be and what was found, for drift: JSON objects; `{}` when there is nothing to say. */
  readonly expectedJson: string;
  readonly foundJson: string;
}

export interface Incident extends FoundIncident {
  readonly incidentId: string;
  readonly foundAtMs: bigint;
  /** When it was seen again for the last time. */
  readonly lastSeenAtMs: bigint;
  /** Absent while it is open. */
  readonly resolvedAtMs?: bigint;
  /** How it ended; empty while it is open. */
  readonly resolution: string;
}

/** Where a page of incidents begins: after this one, in the order of newest first. */
export interface IncidentPosition {
  readonly foundAtMs: bigint;
  readonly incidentId: string;
}

export interface IncidentFilter {
  readonly type?: IncidentType | undefined;
  readonly isOpen?: boolean | undefined;
  readonly accountId?: string | undefined;
  readonly after?: IncidentPosition | undefined;
  readonly limit: number;
}

/** What was found wrong, from its discovery to its end. Safe to repeat: every method may be called again. */
export abstract class IncidentLog {
  /** Opens an incident, unless one with its key is open. Returns those opened now. */
  abstract report(found: readonly FoundIncident[]): Promise<readonly Incident[]>;

  /**
   * Closes the open incident with this key; undefined when there is none. With `foundBy`, only if one of these
   * checks found it: what another check found, only that one can say is over.
   */
  abstract resolve(
    key: IncidentKey,
    resolution: string,
    foundBy?: readonly IncidentSource[],
  ): Promise<Incident | undefined>;

  /** Says better how an incident ended that is closed already; an open one is left alone. */
  abstract amend(incidentId: string, resolution: string): Promise<void>;

  /** Newest first. */
  abstract list(filter: IncidentFilter): Promise<readonly Incident[]>;

  /** How many are open. */
  abstract countOpen(): Promise<bigint>;
}
