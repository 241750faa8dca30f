import type { Clock } from '../clock.port.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { KeptCheckpoint } from './kept-checkpoint.js';
import type { LogIdentities } from './log-identities.js';
import type { SealFault } from './seal-fault.js';
import { decodeSealWalkCursor, encodeSealWalkCursor } from './seal-walk-cursor.js';
import type { SealWalk } from './seal-walk.js';

/** A call ends long before any caller's deadline; the cursor says where the next one goes on. */
const CALL_BUDGET_MS = 2_000;
const NOTE_LENGTH_MAX = 16_384;

export interface VerifySeals {
  /** Empty: from the first seal. */
  readonly cursor: string;
  /** A checkpoint kept elsewhere; empty: none. */
  readonly note: string;
}

export interface SealsVerified {
  readonly sealsChecked: bigint;
  readonly entriesChecked: bigint;
  readonly faults: SealFault[];
  /** Empty: every seal was checked. */
  readonly nextCursor: string;
}

/** Checks the next seals against the ledger, and the log against a checkpoint that was kept elsewhere. */
export class VerifySealsHandler {
  constructor(
    private readonly walk: SealWalk,
    private readonly kept: KeptCheckpoint,
    private readonly identities: LogIdentities,
    private readonly clock: Clock,
  ) {}

  /** Refuses with INVALID_REQUEST or INVALID_CURSOR. */
  async execute({ cursor, note }: VerifySeals): Promise<SealsVerified | ReadRefusal> {
    const start = decodeSealWalkCursor(cursor);
    if (isReadRefusal(start)) return start;
    if (note.length > NOTE_LENGTH_MAX) return refuseRead('INVALID_REQUEST', 'note is too long', 'note');
    const deadlineMs = this.clock.nowMs() + CALL_BUDGET_MS;
    const faults = note === '' ? [] : await this.kept.check(note, await this.identities.read());
    if (isReadRefusal(faults)) return faults;
    const step = await this.walk.advance(start, deadlineMs);
    const { sealsChecked, entriesChecked, position } = step;
    return {
      sealsChecked,
      entriesChecked,
      faults: [...faults, ...step.faults],
      nextCursor: encodeSealWalkCursor(position),
    };
  }
}
