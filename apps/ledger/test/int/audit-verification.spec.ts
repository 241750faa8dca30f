import { beforeEach, describe, expect, it } from '@jest/globals';
import { bucketOf } from '@steelyard/domain/accounts';
import { createLogger, createMetrics } from '@steelyard/platform/observability';
import type { AuditWalkContinued } from '../../src/application/audit/continue-audit-walk.handler.js';
import type { Incident } from '../../src/application/incidents/incident-log.js';
import { composeAuditVerification } from '../../src/audit.composition.js';
import { composeIncidents } from '../../src/incidents.composition.js';
import { auditEventOf } from '../support/audit-event.js';
import { granted } from '../support/granted.js';
import { useAudit } from '../support/use-audit.js';
import { TestClock } from '../support/use-sealing.js';

const BUCKETS = 4;
const BUCKET = bucketOf('alice', BUCKETS);
const BUDGET = { budgetMs: 1_000 };
const NO_TIME = { budgetMs: 0 };
const RECORDS_PER_READ = 2_000;

const audit = useAudit(BUCKETS);
// It stands still: a piece ends with the trail, or after one read when it has no time.
const clock = new TestClock();
const runtime = { logger: createLogger('ledger', 'silent'), metrics: createMetrics('ledger') };
const { incidents } = composeIncidents(audit.database, clock, runtime);
const verification = () => composeAuditVerification({ database: audit.database, clock, incidents });
const one = verification();

const verify = (): Promise<AuditWalkContinued> => one.execute(BUDGET);
const record = (accountId: string, count: number): Promise<number> =>
  granted(audit.recordAuditEvents.execute(Array.from({ length: count }, () => auditEventOf(accountId))));
const open = (): Promise<readonly Incident[]> => incidents.list({ isOpen: true, limit: 100 });
const reasons = async (): Promise<string[]> => (await open()).map(({ reason }) => reason);

beforeEach(async () => {
  await audit.sql(`truncate ledger.audit_records, ledger.audit_heads, ledger.audit_personal, ledger.incidents,
                            ledger.audit_verification, ledger.audit_verified`);
  await record('alice', 5);
});

/** Changes a record as only someone with the database's own password can, and gives the way back. */
async function tamper(sequence: number): Promise<() => Promise<unknown>> {
  const where = `where bucket = ${BUCKET} and sequence = ${sequence}`;
  await audit.sql(`update ledger.audit_records set account_id = 'mallory' ${where}`);
  return () => audit.sql(`update ledger.audit_records set account_id = 'alice' ${where}`);
}

describe('the background verification of the audit trail', () => {
  it('names a record that was changed after it was verified, until it is restored', async () => {
    expect(await verify()).toMatchObject({ newRecordsChecked: 5, recordsChecked: 5, faults: [] });
    const restore = await tamper(3);
    await verify();
    await verify();
    expect(await open()).toMatchObject([
      {
        type: 'integrity_failure',
        foundBy: 'audit',
        bucket: BUCKET,
        accountId: '',
        reason: `audit record 3 of bucket ${BUCKET}: checksum does not match the record`,
      },
    ]);
    await restore();
    await verify();
    expect(await open()).toEqual([]);
    const [closed] = await incidents.list({ isOpen: false, limit: 10 });
    expect(closed?.resolution).toBe("a walk over the bucket's whole audit trail no longer finds it");
  });

  it('finds what is wrong with new records at once, however long the walk over everything takes', async () => {
    await record('alice', 1_000);
    await record('alice', 1_000);
    await verify();
    // Two reads from the end of the walk, the wrong record is new.
    await record('alice', 3);
    const restore = await tamper(2_007);
    const step = await one.execute({ budgetMs: 1 });
    expect(step.newRecordsChecked).toBe(2);
    expect(await reasons()).toEqual([
      `audit record 2007 of bucket ${BUCKET}: checksum does not match the record`,
    ]);
    await restore();
    expect(await verify()).toMatchObject({ newRecordsChecked: 2, faults: [] });
    expect(await open()).toEqual([]);
  });

  it('reads of what is new only what is new', async () => {
    await record('alice', 1_000);
    await verify();
    await record('alice', 7);
    expect(await verify()).toMatchObject({ newRecordsChecked: 7, recordsChecked: 1_012 });
    expect(await verify()).toMatchObject({ newRecordsChecked: 0, recordsChecked: 1_012 });
  });

  it('walks on over everything a read at a time when it has no time, and keeps its place', async () => {
    for (let turn = 0; turn < 2; turn += 1) await record('alice', 1_000);
    const steps: AuditWalkContinued[] = [];
    // Another process each time: the place is in the database.
    do steps.push(await verification().execute(NO_TIME));
    while (steps.at(-1)?.isRoundComplete === false && steps.length < 20);
    expect(steps.at(-1)?.isRoundComplete).toBe(true);
    expect(Math.max(...steps.map(({ recordsChecked }) => recordsChecked))).toBe(RECORDS_PER_READ);
    expect(steps.reduce((sum, { recordsChecked }) => sum + recordsChecked, 0)).toBe(2_005);
  });

  it('finds a chain that was cut off together with its head, and is not talked out of it', async () => {
    await verify();
    await audit.sql(`delete from ledger.audit_records where bucket = ${BUCKET} and sequence > 3`);
    await audit.sql(`update ledger.audit_heads set sequence = 3, checksum = record.checksum
                     from ledger.audit_records as record
                     where record.bucket = ${BUCKET} and record.sequence = 3 and audit_heads.bucket = ${BUCKET}`);
    await verify();
    const reason = `the chain ends at record 3, and was verified through 5 before`;
    expect(await reasons()).toEqual([`audit record 4 of bucket ${BUCKET}: ${reason}`]);
    // The chain alone is right from its beginning to its end.
    expect(await granted(audit.verifyAuditTrail.execute(''))).toMatchObject({ faults: [] });
    await verify();
    await record('alice', 4);
    await verify();
    expect(await open()).toHaveLength(1);
  });

  it('finds a bucket whose trail is gone altogether', async () => {
    await verify();
    await audit.sql('truncate ledger.audit_records, ledger.audit_heads');
    await verify();
    expect(await reasons()).toEqual([
      `audit record 1 of bucket ${BUCKET}: the chain ends at record 0, and was verified through 5 before`,
    ]);
  });

  it('opens an incident of its own beside one that another check found in the bucket, and closes only its own', async () => {
    const other = {
      type: 'integrity_failure',
      bucket: BUCKET,
      accountId: '',
      sequence: 0n,
      entryId: '',
    } as const;
    await incidents.report([
      { ...other, foundBy: 'seals', reason: 'seal 1: another', expectedJson: '{}', foundJson: '{}' },
    ]);
    const restore = await tamper(2);
    await verify();
    expect((await open()).map(({ foundBy }) => foundBy).toSorted()).toEqual(['audit', 'seals']);
    await restore();
    await verify();
    expect((await open()).map(({ foundBy }) => foundBy)).toEqual(['seals']);
  });

  it('is done by one of two processes at a time, each record once', async () => {
    const [first, second] = [verification(), verification()];
    for (const id of ['alice', 'bob', 'carol', 'dave', 'erin']) await record(id, 500);
    const restore = await tamper(3);
    const steps: AuditWalkContinued[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      steps.push(...(await Promise.all([first.execute(BUDGET), second.execute(BUDGET)])));
    }
    expect(await open()).toHaveLength(1);
    await restore();
    steps.push(...(await Promise.all([first.execute(BUDGET), second.execute(BUDGET)])));
    expect(await open()).toEqual([]);
    expect((await incidents.list({ limit: 10 })).length).toBe(1);
    const mine = steps.filter(({ isMine }) => isMine);
    expect(mine.length).toBeGreaterThanOrEqual(11);
    // As one does that is in the middle of a piece.
    await audit.sql('begin');
    await audit.sql('select from ledger.audit_verification for update');
    const turnedAway = await second.execute(BUDGET);
    await audit.sql('commit');
    expect(turnedAway.isMine).toBe(false);
    steps.push(turnedAway);
    expect(steps.filter(({ isMine }) => !isMine).every(({ recordsChecked }) => recordsChecked === 0)).toBe(
      true,
    );
    const [{ verified } = { verified: 0 }] = await audit.sql<{ verified: number }>(
      'select sum(sequence)::int as verified from ledger.audit_verified',
    );
    expect(verified).toBe(2_505);
  });

  it('goes on while records are added and personal data erased, without a false alarm', async () => {
    const adding = Array.from({ length: 20 }, async (_, number) => {
      await record(`player-${number}`, 50);
      await granted(
        audit.recordAuditEvents.execute([
          auditEventOf(`player-${number}`, { personalJson: '{"address":"::1"}' }),
        ]),
      );
      const erasure = { subject: `player-${number}`, performedBy: 'dpo', reason: 'asked' };
      return granted(audit.erasePersonalData.execute(erasure));
    });
    const verifying = Array.from({ length: 20 }, () => verification().execute(BUDGET));
    expect(await Promise.all(adding)).toEqual(Array.from({ length: 20 }, () => 1n));
    await Promise.all(verifying);
    await verify();
    expect(await incidents.list({ limit: 10 })).toEqual([]);
  });
});
