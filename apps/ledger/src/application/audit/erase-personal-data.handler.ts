import type { Clock } from '../clock.port.js';
import { refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { AuditDraft } from './audit-draft.js';
import type { AuditTrail } from './audit-trail.port.js';
import { BUCKET_OF_NO_ACCOUNT } from './record-audit-events.handler.js';

export interface ErasePersonalData {
  /** Whose: the performedBy or the account of the records. */
  readonly subject: string;
  readonly performedBy: string;
  readonly reason: string;
}

/** One transaction's worth: a fraction of a second under lock. */
const ERASED_PER_TRANSACTION = 10_000;
/** A caller that has more to erase asks again. */
const TRANSACTIONS_PER_CALL_MAX = 10;
const TEXT_LENGTH_MAX = 512;

/** Erases what identifies a person. The chain keeps a digest of it, of which nothing can be guessed. */
export class ErasePersonalDataHandler {
  constructor(
    private readonly trail: AuditTrail,
    private readonly clock: Clock,
    private readonly newId: () => string,
  ) {}

  /** From how many records; each transaction is a record of its own, also one that found nothing. */
  async execute(request: ErasePersonalData): Promise<bigint | ReadRefusal> {
    for (const name of ['subject', 'performedBy', 'reason'] as const) {
      const text = request[name];
      if (text !== '' && text.length <= TEXT_LENGTH_MAX && !text.includes('\u0000')) continue;
      return refuseRead('INVALID_REQUEST', `${name} must have 1 to ${TEXT_LENGTH_MAX} characters`, name);
    }
    let total = 0n;
    for (let turn = 1; turn <= TRANSACTIONS_PER_CALL_MAX; turn++) {
      const atMs = this.clock.nowMs();
      const erasure = { subject: request.subject, atMs, limit: ERASED_PER_TRANSACTION };
      const erased = await this.trail.erase(erasure, (count) => this.recordOf(request, atMs, count));
      total += BigInt(erased);
      if (erased < ERASED_PER_TRANSACTION) break;
    }
    return total;
  }

  private recordOf(
    { subject, performedBy, reason }: ErasePersonalData,
    atMs: number,
    erased: number,
  ): AuditDraft {
    return {
      bucket: BUCKET_OF_NO_ACCOUNT,
      recordId: this.newId(),
      atMs,
      action: 'PERSONAL_DATA_ERASED',
      content: { performedBy, reason, detail: { subject, records: erased } },
    };
  }
}
