import type { Provider } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { randomUUID } from 'node:crypto';
import { proofsV1 } from '@steelyard/contracts/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import type { Clock } from './application/clock.port.js';
import type { IncidentLog } from './application/incidents/incident-log.js';
import { EntryProver } from './application/proofs/entry-prover.js';
import { ProveConsistencyHandler } from './application/proofs/prove-consistency.handler.js';
import { ProveEntryHandler } from './application/proofs/prove-entry.handler.js';
import { ReadCheckpointsHandler } from './application/proofs/read-checkpoints.handler.js';
import type { CheckpointTarget } from './application/publishing/checkpoint-target.port.js';
import { PublishCheckpointsHandler } from './application/publishing/publish-checkpoints.handler.js';
import { SealHandler } from './application/sealing/seal.handler.js';
import { ContinueSealWalkHandler } from './application/verify-seals/continue-seal-walk.handler.js';
import { KeptCheckpoint } from './application/verify-seals/kept-checkpoint.js';
import { LogIdentities } from './application/verify-seals/log-identities.js';
import { SealCheck } from './application/verify-seals/seal-check.js';
import { SealWalk } from './application/verify-seals/seal-walk.js';
import { VerifySealsHandler } from './application/verify-seals/verify-seals.handler.js';
import type { LedgerConfig } from './config.js';
import { LeafRepository } from './infrastructure/postgres/leaf.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { EntryRepository } from './infrastructure/postgres/listing.repository.js';
import { PublicationRepository } from './infrastructure/postgres/publication.repository.js';
import { SealStoreRepository } from './infrastructure/postgres/seal-store.repository.js';
import { SealVerificationRepository } from './infrastructure/postgres/seal-verification.repository.js';
import { SealRepository } from './infrastructure/postgres/seal.repository.js';
import { CheckpointDirectory } from './infrastructure/publishing/checkpoint-directory.js';
import { CheckpointUrl } from './infrastructure/publishing/checkpoint-url.js';
import { ConfiguredSigner } from './infrastructure/signing/configured-signer.js';
import { SealVerificationJob } from './jobs/seal-verification.job.js';
import { SealingJob } from './jobs/sealing.job.js';
import { SealingMetrics } from './jobs/sealing.metrics.js';
import { SealingReport } from './jobs/sealing.report.js';
import { proofRpcHandlers, type ProofUseCases } from './transport/proof-rpc-handlers.js';

/** What sealing is configured by. */
export type SealingConfig = Pick<
  LedgerConfig,
  | 'DATA_DIR'
  | 'LEDGER_SEAL_INTERVAL_MS'
  | 'LEDGER_ORIGIN'
  | 'LEDGER_SIGNING_KEY'
  | 'LEDGER_SIGNING_KEY_PREVIOUS'
  | 'LEDGER_CHECKPOINT_DIR'
  | 'LEDGER_CHECKPOINT_URL'
  | 'LEDGER_CHECKPOINT_TIMEOUT_MS'
  | 'LEDGER_SEAL_VERIFY_INTERVAL_MS'
  | 'LEDGER_SEAL_VERIFY_BUDGET_MS'
>;

/** What sealing works on. */
export interface SealingParts {
  readonly database: LedgerDatabase;
  readonly clock: Clock;
  readonly incidents: IncidentLog;
}

export interface SealingUseCases extends ProofUseCases {
  readonly seal: SealHandler;
  readonly publish: PublishCheckpointsHandler;
  readonly continueSealWalk: ContinueSealWalkHandler;
}

/** Twice an interval and this: what sealing finds each time is found again by then. */
const QUIET_MARGIN_MS = 60_000;

/** All use cases of sealing and proofs over PostgreSQL. Throws SigningKeyError when a key cannot be used. */
export async function sealingUseCases(parts: SealingParts, config: SealingConfig): Promise<SealingUseCases> {
  const { database, clock, incidents } = parts;
  const signer = await ConfiguredSigner.load({
    current: config.LEDGER_SIGNING_KEY,
    previous: config.LEDGER_SIGNING_KEY_PREVIOUS,
    dataDir: config.DATA_DIR,
  });
  const seals = new SealRepository(database);
  const leaves = new LeafRepository(database);
  const hasKeys = config.LEDGER_SIGNING_KEY !== undefined || config.LEDGER_SEAL_INTERVAL_MS > 0;
  const identities = new LogIdentities(seals, signer, hasKeys);
  const walk = new SealWalk(seals, new SealCheck(seals, leaves, signer), identities, clock);
  const name = { configured: config.LEDGER_ORIGIN, proposed: `steelyard/${randomUUID()}` };
  const publications = new PublicationRepository(database);
  return {
    seal: new SealHandler(new SealStoreRepository(database), leaves, signer, clock, name),
    publish: new PublishCheckpointsHandler(targetsOf(config), publications, seals, clock),
    continueSealWalk: new ContinueSealWalkHandler(
      walk,
      new SealVerificationRepository(database),
      incidents,
      clock,
    ),
    checkpoints: new ReadCheckpointsHandler(seals),
    proveEntry: new ProveEntryHandler(
      database,
      seals,
      new EntryRepository(database),
      new EntryProver(seals, leaves),
    ),
    proveConsistency: new ProveConsistencyHandler(seals),
    verifySeals: new VerifySealsHandler(walk, new KeptCheckpoint(seals, signer), identities, clock),
  };
}

/** Sealing as a service and as jobs. */
export async function composeSealing(
  parts: SealingParts,
  config: SealingConfig,
  { logger, metrics }: Pick<AppRuntime, 'logger' | 'metrics'>,
): Promise<{ services: ServedService[]; jobs: Provider[]; proveEntry: ProveEntryHandler }> {
  const useCases = await sealingUseCases(parts, config);
  const { seal, publish, continueSealWalk, proveEntry } = useCases;
  const report = new SealingReport(logger, new SealingMetrics(metrics));
  const intervalMs = config.LEDGER_SEAL_INTERVAL_MS;
  const schedule = {
    intervalMs: config.LEDGER_SEAL_VERIFY_INTERVAL_MS,
    budgetMs: config.LEDGER_SEAL_VERIFY_BUDGET_MS,
    quietMs: 2 * intervalMs + QUIET_MARGIN_MS,
  };
  const steps = { seal, publish, incidents: parts.incidents };
  return {
    services: [serve(proofsV1.ProofServiceService, proofRpcHandlers(useCases))],
    jobs: [
      {
        provide: SealingJob,
        inject: [SchedulerRegistry],
        useFactory: (scheduler: SchedulerRegistry) => new SealingJob(steps, intervalMs, scheduler, report),
      },
      {
        provide: SealVerificationJob,
        inject: [SchedulerRegistry],
        useFactory: (scheduler: SchedulerRegistry) =>
          new SealVerificationJob(continueSealWalk, schedule, scheduler, report),
      },
    ],
    proveEntry,
  };
}

function targetsOf(config: SealingConfig): CheckpointTarget[] {
  const { LEDGER_CHECKPOINT_DIR, LEDGER_CHECKPOINT_URL, LEDGER_CHECKPOINT_TIMEOUT_MS } = config;
  return [
    ...(LEDGER_CHECKPOINT_DIR === undefined ? [] : [new CheckpointDirectory(LEDGER_CHECKPOINT_DIR)]),
    ...(LEDGER_CHECKPOINT_URL === undefined
      ? []
      : [new CheckpointUrl(LEDGER_CHECKPOINT_URL, LEDGER_CHECKPOINT_TIMEOUT_MS)]),
  ];
}
