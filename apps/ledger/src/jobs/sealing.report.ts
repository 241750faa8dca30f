import type { Logger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/postgres';
import type { Publication } from '../application/publishing/publish-checkpoints.handler.js';
import type { Sealed } from '../application/sealing/seal.handler.js';
import type { SealWalkContinued } from '../application/verify-seals/continue-seal-walk.handler.js';
import type { SealingMetrics } from './sealing.metrics.js';

/** What sealing tells operators. Faults are incidents, which are logged where they are opened. */
export class SealingReport {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: SealingMetrics,
  ) {}

  sealed(sealed: Sealed, durationMs: number): void {
    this.metrics.sealed(sealed);
    const { seal } = sealed;
    if (seal === undefined) return;
    const { facts, entries } = seal;
    this.logger.info(
      {
        seal: seal.seal.toString(),
        facts: facts.toString(),
        entries: entries.toString(),
        durationMs: Math.round(durationMs),
      },
      'ledger.sealed',
    );
  }

  published(publication: Publication): void {
    this.metrics.publication(publication);
    const { target, published, conflict, failure } = publication;
    const place = { target: target.kind };
    if (published > 0) this.logger.info({ ...place, published }, 'ledger.checkpoint.published');
    if (conflict !== undefined) this.logger.error({ ...place, conflict }, 'ledger.checkpoint.conflict');
    if (failure !== undefined) this.logger.warn({ ...place, error: failure }, 'ledger.checkpoint.waiting');
  }

  verified(step: SealWalkContinued): void {
    this.metrics.verified(step);
  }

  /** An outage is reported by readiness already; the work goes on where it was. */
  failed(what: 'seal' | 'seal.verification', error: unknown): void {
    if (error instanceof OutageError) this.logger.debug({ error }, `ledger.${what}.waiting`);
    else this.logger.error({ error }, `ledger.${what}.failed`);
  }
}
