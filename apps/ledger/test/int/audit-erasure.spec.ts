import { describe, expect, it } from '@jest/globals';
import { bucketOf } from '@steelyard/domain/accounts';
import { eventually } from '@steelyard/testing/wait';
import { auditEventOf } from '../support/audit-event.js';
import { granted } from '../support/granted.js';
import { useAudit } from '../support/use-audit.js';

const BUCKETS = 4;
const ADDRESS = '203.0.113.77';
const PERSONAL = { personalJson: `{"address":"${ADDRESS}"}` };
const audit = useAudit(BUCKETS);

type Event = ReturnType<typeof auditEventOf>;
const record = (...events: Event[]): Promise<number> => granted(audit.recordAuditEvents.execute(events));
const erase = (subject: string): Promise<bigint> =>
  granted(audit.erasePersonalData.execute({ subject, performedBy: 'dpo', reason: 'asked' }));

async function personalOf(accountId: string): Promise<unknown[]> {
  const page = await granted(
    audit.listAuditRecords.execute({ accountId, agentId: '', limit: 100, cursor: '' }),
  );
  return page.records.map(({ personal }) => personal);
}

async function keptAddresses(): Promise<number> {
  const [row] = await audit.sql<{ kept: number }>(
    'select count(*)::int as kept from ledger.audit_personal where data like $1',
    [`%${ADDRESS}%`],
  );
  return row?.kept ?? -1;
}

async function isChainRight(): Promise<boolean> {
  const { faults, nextCursor } = await granted(audit.verifyAuditTrail.execute(''));
  return faults.length === 0 && nextCursor === '';
}

describe('an event that arrives after its person was erased', () => {
  it.each([
    ['as the account', 'late-1', 'boss', 'late-1'],
    ['as who did it', 'late-2', 'late-boss', 'late-boss'],
  ])('is recorded without the data, %s', async (_what, accountId, performedBy, subject) => {
    const waiting = auditEventOf(accountId, { ...PERSONAL, performedBy, atMs: BigInt(Date.now()) });
    expect(await erase(subject)).toBe(0n);
    expect(await record(waiting)).toBe(1);
    expect(await record(waiting)).toBe(0);
    expect(await personalOf(accountId)).toEqual(['erased']);
    expect(await keptAddresses()).toBe(0);
    expect(await isChainRight()).toBe(true);
    // The record has a digest like one that came before the erasure; nothing is left that it could be tried with.
    const [row] = await audit.sql(
      `select record.content like '%personalDigest%' as has_digest, person.salt, person.data,
              person.erased_at_ms >= record.at_ms as is_erased
       from ledger.audit_records as record join ledger.audit_personal as person using (bucket, sequence)
       where record.record_id = $1`,
      [waiting.eventId],
    );
    expect(row).toEqual({ has_digest: true, salt: null, data: null, is_erased: true });
  });

  it('keeps the data when it happened after the erasure, and of others', async () => {
    await erase('back-again');
    const later = auditEventOf('back-again', { ...PERSONAL, atMs: BigInt(Date.now() + 60_000) });
    const other = auditEventOf('somebody-else', { ...PERSONAL, atMs: BigInt(Date.now() - 60_000) });
    await record(later, other);
    expect((await personalOf('back-again')).concat(await personalOf('somebody-else'))).toEqual([
      expect.objectContaining({ json: PERSONAL.personalJson }),
      expect.objectContaining({ json: PERSONAL.personalJson }),
    ]);
    expect(await erase('back-again')).toBe(1n);
    expect(await erase('somebody-else')).toBe(1n);
    expect(await isChainRight()).toBe(true);
  });

  it('is told apart by the last erasure when there were several', async () => {
    await erase('twice');
    const between = auditEventOf('twice', { ...PERSONAL, atMs: BigInt(Date.now()) });
    await erase('twice');
    await record(between);
    expect(await personalOf('twice')).toEqual(['erased']);
  });

  it('keeps no names of those who were erased', async () => {
    await erase('a-name-of-somebody');
    const rows = await audit.sql<{ row: string }>(
      'select to_json(e)::text as row from ledger.audit_erasures as e',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ row }) => row).join()).not.toContain('name-of-somebody');
  });
});

describe('an erasure while the event is being recorded', () => {
  it('waits for it and takes its data, too', async () => {
    const accountId = ['a', 'b', 'c', 'd', 'e', 'f'].find((id) => bucketOf(id, BUCKETS) !== 0) ?? '';
    const event = (): Event => auditEventOf(accountId, { ...PERSONAL, atMs: BigInt(Date.now()) });
    await record(event());
    // Not over the connection that is in a transaction: that would go on seeing the same activity.
    const waiting = async (count: number): Promise<void> => {
      const areBlocked = async (): Promise<boolean> => {
        const { rows } = await audit.database.pool.query(
          `select distinct pid from pg_locks join pg_stat_activity using (pid)
           where not granted and datname = current_database()`,
        );
        return rows.length === count;
      };
      await eventually(areBlocked);
    };
    await audit.sql('begin');
    await audit.sql('select from ledger.audit_heads where bucket = $1 for update', [
      bucketOf(accountId, BUCKETS),
    ]);
    // It has looked for erasures, found none and waits for its place in the chain.
    const recording = record(event());
    await waiting(1);
    const erasing = erase(accountId);
    await waiting(2);
    await audit.sql('commit');
    expect(await recording).toBe(1);
    expect(await erasing).toBe(2n);
    expect(await personalOf(accountId)).toEqual(['erased', 'erased']);
  });

  it('leaves nothing of many that come and are erased at once', async () => {
    const ids = Array.from({ length: 10 }, (_, number) => `crowd-${number}`);
    const atMs = BigInt(Date.now() - 1);
    await Promise.all(
      ids.flatMap((id) => [
        record(...ids.map((account) => auditEventOf(account, { ...PERSONAL, performedBy: id, atMs }))),
        erase(id),
        record(auditEventOf(id, { ...PERSONAL, atMs })),
      ]),
    );
    expect(await keptAddresses()).toBe(0);
    expect(await isChainRight()).toBe(true);
    for (const id of ids) expect(new Set(await personalOf(id))).toEqual(new Set(['erased']));
  });
});
