import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredSeal } from '../../src/application/sealing/seal-reads.port.js';
import { LogIdentities } from '../../src/application/verify-seals/log-identities.js';
import { SealCheck } from '../../src/application/verify-seals/seal-check.js';
import { SEAL_WALK_START, SealWalk } from '../../src/application/verify-seals/seal-walk.js';
import { LeafRepository } from '../../src/infrastructure/postgres/leaf.repository.js';
import type { LedgerDatabase } from '../../src/infrastructure/postgres/ledger-database.js';
import { SealRepository } from '../../src/infrastructure/postgres/seal.repository.js';
import { ConfiguredSigner } from '../../src/infrastructure/signing/configured-signer.js';
import type { SealingUseCases } from '../../src/sealing.composition.js';
import { newSigningKey, useSealing } from '../support/use-sealing.js';

const SIGNING_KEY = newSigningKey();
const NO_DEADLINE_MS = Number.MAX_SAFE_INTEGER;

/** Lets something happen behind every answer that may be out of date by the next question. */
class InterruptedReads extends SealRepository {
  constructor(
    database: LedgerDatabase,
    private readonly meanwhile: () => Promise<void>,
  ) {
    super(database);
  }

  override async origin(): Promise<string | undefined> {
    return this.interrupted(await super.origin());
  }

  override async latest(): Promise<StoredSeal | undefined> {
    return this.interrupted(await super.latest());
  }

  override async find(seal: bigint): Promise<StoredSeal | undefined> {
    return this.interrupted(await super.find(seal));
  }

  private async interrupted<Answer>(answer: Answer): Promise<Answer> {
    await this.meanwhile();
    return answer;
  }
}

describe('verifying seals while others are made', () => {
  const suite = useSealing();
  let ledger: SealingUseCases;
  let walk: SealWalk;

  beforeAll(async () => {
    ledger = await suite.process({ LEDGER_SIGNING_KEY: SIGNING_KEY });
    const signer = await ConfiguredSigner.load({
      current: SIGNING_KEY,
      previous: undefined,
      dataDir: suite.directory,
    });
    const seals = new InterruptedReads(suite.database, async () => {
      suite.builder.deposit('alice', 1n);
      await suite.builder.flush();
      suite.clock.advance(1_000);
      const { obstacles, seal } = await ledger.seal.execute();
      expect(obstacles).toEqual([]);
      expect(seal).toBeDefined();
    });
    const check = new SealCheck(seals, new LeafRepository(suite.database), signer);
    // A process that has no keys knows those that are remembered.
    walk = new SealWalk(seals, check, new LogIdentities(seals, signer, false), suite.clock);
  });

  it('finds nothing wrong with the first, made while it looks', async () => {
    expect(await walk.advance(SEAL_WALK_START, NO_DEADLINE_MS)).toEqual({
      position: undefined,
      sealsChecked: 0n,
      entriesChecked: 0n,
      faults: [],
    });
  });

  it('checks those that were there when it began', async () => {
    const before = (await new SealRepository(suite.database).latest())?.seal ?? 0n;
    expect(before).toBeGreaterThan(0n);
    expect(await walk.advance(SEAL_WALK_START, NO_DEADLINE_MS)).toMatchObject({
      position: undefined,
      sealsChecked: before,
      faults: [],
    });
  });
});
