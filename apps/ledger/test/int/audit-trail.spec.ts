import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { auditChecksumOf, auditRecordJson } from '@steelyard/domain/audit';
import { bucketOf } from '@steelyard/domain/accounts';
import type { AuditEvent } from '../../src/application/audit/record-audit-events.handler.js';
import type { ListedAuditRecord } from '../../src/application/audit/audit-trail.port.js';
import type { ListAuditRecords } from '../../src/application/audit/list-audit-records.handler.js';
import { FactBuilder } from '../support/fact-builder.js';
import { granted } from '../support/granted.js';
import { useAudit } from '../support/use-audit.js';

const BUCKETS = 4;
const audit = useAudit(BUCKETS);
const facts = new FactBuilder(BUCKETS);

function eventOf(accountId: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    eventId: randomUUID(),
    atMs: BigInt(Date.UTC(2026, 0, 2)),
    action: 'ACCOUNT_READ',
    accountId,
    performedBy: 'boss',
    role: 'operator',
    agentId: '',
    apiKeyId: '',
    correlationId: 'c-1',
    reason: '',
    detailJson: '{"route":"GET /api/accounts/:id"}',
    personalJson: '{"userAgent":"curl/8","address":"192.0.2.7"}',
    ...more,
  };
}

const record = (...events: AuditEvent[]): Promise<number> => granted(audit.recordAuditEvents.execute(events));

async function list(request: Partial<ListAuditRecords>, pageSize = 500): Promise<ListedAuditRecord[]> {
  const found: ListedAuditRecord[] = [];
  let cursor = '';
  do {
    const page = await granted(
      audit.listAuditRecords.execute({ accountId: '', agentId: '', limit: pageSize, cursor, ...request }),
    );
    found.push(...page.records);
    cursor = page.nextCursor;
  } while (cursor !== '');
  return found;
}

async function faults(): Promise<string[]> {
  const found: string[] = [];
  let cursor = '';
  do {
    const step = await granted(audit.verifyAuditTrail.execute(cursor));
    found.push(...step.faults.map(({ bucket, sequence, reason }) => `${bucket}/${sequence}: ${reason}`));
    cursor = step.nextCursor;
  } while (cursor !== '');
  return found;
}

const contentOf = (found: ListedAuditRecord | undefined): unknown => JSON.parse(found?.contentJson ?? 'null');

describe('what is committed', () => {
  it('becomes a record with who, what, before and after', async () => {
    await audit.deliver([facts.deposit('carol', 100n, { performedBy: 'boss', reason: 'start' })]);
    const [found] = await list({ accountId: 'carol' });
    expect(found).toMatchObject({ action: 'BALANCE_CHANGED', accountId: 'carol', personal: 'none' });
    expect(contentOf(found)).toMatchObject({
      performedBy: 'boss',
      reason: 'start',
      amount: 100,
      balanceBefore: 0,
      balanceAfter: 100,
      detail: { type: 'DEPOSIT' },
    });
  });

  it('is recorded exactly once, however often it is delivered', async () => {
    const burst = Array.from({ length: 20 }, () => facts.deposit('dave', 5n));
    await audit.deliver(burst);
    await Promise.all([audit.deliver(burst), audit.deliver(burst.slice(3)), audit.deliver(burst)]);
    expect(await list({ accountId: 'dave' })).toHaveLength(20);
    expect(await faults()).toEqual([]);
  });

  it('is chained so that anybody can recompute it from what the list returns', async () => {
    const found = await list({ accountId: 'dave' });
    for (const one of found) {
      expect(auditChecksumOf(auditRecordJson(one), one.previousChecksum)).toBe(one.checksum);
    }
  });
});

describe('what happens outside the ledger', () => {
  it('is recorded once an event id, with the personal data beside it', async () => {
    const event = eventOf('erin');
    expect(await record(event, event)).toBe(1);
    expect(await record(event, eventOf('erin'))).toBe(1);
    const found = await list({ accountId: 'erin' });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({
      action: 'ACCOUNT_READ',
      personal: { json: '{"address":"192.0.2.7","userAgent":"curl/8"}' },
    });
    expect(found[0]?.contentJson).not.toContain('192.0.2.7');
  });

  it('is about no account in bucket 0', async () => {
    await record(eventOf('', { action: 'API_KEY_CREATED', agentId: 'desk-3' }));
    expect(await list({ agentId: 'desk-3' })).toMatchObject([{ bucket: 0, action: 'API_KEY_CREATED' }]);
  });

  it('is chained whole by ten recorders at once that send the same and other events', async () => {
    const common = Array.from({ length: 30 }, (_, i) => eventOf(`shared-${i}`));
    const recorders = Array.from({ length: 10 }, async (_, number) => {
      const own = Array.from({ length: 30 }, (__, i) => eventOf(`own-${number}-${i}`));
      const counts = await Promise.all([record(...common, ...own), record(...own.toReversed(), ...common)]);
      return counts.reduce((sum, count) => sum + count, 0);
    });
    const counts = await Promise.all(recorders);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(330);
    expect(await faults()).toEqual([]);
  });

  it.each([
    ['no UUID', { eventId: 'e1' }, 'eventId'],
    ['an action in another form', { action: 'read' }, 'action'],
    ['a detail that is no object', { detailJson: '[1]' }, 'detailJson'],
    ['personal data that are no JSON', { personalJson: '{' }, 'personalJson'],
    ['too long a reason', { reason: 'x'.repeat(513) }, 'reason'],
    ['no time', { atMs: 9_000_000_000_000_000n }, 'atMs'],
  ])('is refused with %s, and nothing of the call is recorded', async (_what, more, field) => {
    const good = eventOf('nobody-sees-me');
    expect(await audit.recordAuditEvents.execute([good, eventOf('frank', more)])).toMatchObject({
      code: 'INVALID_REQUEST',
      field,
    });
    expect(await list({ accountId: 'nobody-sees-me' })).toEqual([]);
  });
});

describe('lists', () => {
  it('go through pages of any size to the same records in the same order', async () => {
    const all = await list({});
    const times = all.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const ids = all.map(({ recordId }) => recordId);
    for (const size of [1, 7, 100]) {
      expect((await list({}, size)).map(({ recordId }) => recordId)).toEqual(ids);
    }
  });

  it('are not shifted by what is recorded while they are read', async () => {
    const before = (await list({})).map(({ recordId }) => recordId);
    const found: string[] = [];
    let cursor = '';
    do {
      const page = await granted(
        audit.listAuditRecords.execute({ accountId: '', agentId: '', limit: 50, cursor }),
      );
      found.push(...page.records.map(({ recordId }) => recordId));
      cursor = page.nextCursor;
      await record(eventOf('grace', { atMs: BigInt(Date.UTC(2026, 0, 3)) }));
    } while (cursor !== '');
    expect(found).toEqual(before);
  });

  it('take both ends of a period in, and keep its beginning over the pages', async () => {
    const at = (day: number): bigint => BigInt(Date.UTC(2027, 0, day));
    await record(...[1, 2, 3, 4].map((day) => eventOf('heidi', { atMs: at(day) })));
    const period = { fromMs: at(2), toMs: at(3) };
    expect((await list({ ...period, accountId: 'heidi' }, 1)).map(({ atMs }) => BigInt(atMs))).toEqual([
      at(3),
      at(2),
    ]);
    const first = await granted(
      audit.listAuditRecords.execute({
        accountId: 'heidi',
        agentId: '',
        limit: 1,
        cursor: '',
        fromMs: at(2),
      }),
    );
    const next = await granted(
      audit.listAuditRecords.execute({ accountId: 'heidi', agentId: '', limit: 9, cursor: first.nextCursor }),
    );
    expect(next.records.map(({ atMs }) => BigInt(atMs))).toEqual([at(3), at(2)]);
  });

  it('are by account and agent at once', async () => {
    await record(
      eventOf('ivan', { agentId: 'desk-8' }),
      eventOf('ivan'),
      eventOf('judy', { agentId: 'desk-8' }),
    );
    expect(await list({ accountId: 'ivan', agentId: 'desk-8' })).toHaveLength(1);
    expect(await list({ agentId: 'desk-8' })).toHaveLength(2);
  });

  it('of a shared account come from all buckets', async () => {
    const fact = { accountId: '@world/CZK', found: { balance: '1' }, expected: { balance: '0' } };
    await audit.deliver([facts.change('carol', 'ACCOUNT_RECONCILED', fact)]);
    const elsewhere = ['a', 'b', 'c', 'd', 'e'].find(
      (id) => bucketOf(id, BUCKETS) !== bucketOf('carol', BUCKETS),
    );
    await audit.deliver([facts.change(elsewhere ?? '', 'ACCOUNT_RECONCILED', fact)]);
    expect((await list({ accountId: '@world/CZK' }, 1)).map(({ action }) => action)).toEqual([
      'ACCOUNT_RECONCILED',
      'ACCOUNT_RECONCILED',
    ]);
  });

  it('refuse a cursor of another list', async () => {
    const { nextCursor } = await granted(
      audit.listAuditRecords.execute({ accountId: 'dave', agentId: '', limit: 1, cursor: '' }),
    );
    const other = { accountId: 'carol', agentId: '', limit: 1, cursor: nextCursor };
    expect(await audit.listAuditRecords.execute(other)).toMatchObject({ code: 'INVALID_CURSOR' });
  });
});

describe('erasing personal data', () => {
  it('takes salt and data out of all records of a person, keeps the chain and is recorded itself', async () => {
    await record(
      eventOf('mallory', { performedBy: 'support-1' }),
      eventOf('oscar', { performedBy: 'support-1' }),
      eventOf('support-1', { performedBy: 'support-2' }),
      eventOf('oscar', { performedBy: 'support-2' }),
    );
    const request = { subject: 'support-1', performedBy: 'dpo', reason: 'request 17' };
    expect(await audit.erasePersonalData.execute(request)).toBe(3n);
    expect(await audit.erasePersonalData.execute(request)).toBe(0n);
    expect((await list({ accountId: 'mallory' })).map(({ personal }) => personal)).toEqual(['erased']);
    expect((await list({ accountId: 'oscar' })).map(({ personal }) => typeof personal).sort()).toEqual([
      'object',
      'string',
    ]);
    expect(
      await audit.sql(
        `select count(*)::int as left from ledger.audit_personal
         where 'support-1' in (performed_by, account_id) and (salt is not null or data is not null)`,
      ),
    ).toEqual([{ left: 0 }]);
    const [latest] = await list({ fromMs: BigInt(Date.now() - 60_000), toMs: BigInt(Date.now()) });
    expect(latest).toMatchObject({ action: 'PERSONAL_DATA_ERASED', bucket: 0 });
    expect(contentOf(latest)).toEqual({
      performedBy: 'dpo',
      reason: 'request 17',
      detail: { subject: 'support-1', records: 0 },
    });
    expect(await faults()).toEqual([]);
  });

  it('needs a reason', async () => {
    const request = { subject: 'support-1', performedBy: 'dpo', reason: '' };
    expect(await audit.erasePersonalData.execute(request)).toMatchObject({ field: 'reason' });
  });
});

describe('verification', () => {
  const BUCKET = bucketOf('dave', BUCKETS);
  const WHERE = `where bucket = ${BUCKET} and sequence = 3`;

  it.each([
    [
      'another amount',
      `update ledger.audit_records set content = replace(content, '"amount":5', '"amount":6') ${WHERE}`,
    ],
    ['another account', `update ledger.audit_records set account_id = 'carol' ${WHERE}`],
    ['another time', `update ledger.audit_records set at_ms = at_ms - 1 ${WHERE}`],
    ['another agent', `update ledger.audit_records set agent_id = 'desk-1' ${WHERE}`],
    ['another action', `update ledger.audit_records set action = 'BALANCE_READ' ${WHERE}`],
    ['another entry', `update ledger.audit_records set record_id = gen_random_uuid() ${WHERE}`],
    ['another checksum', `update ledger.audit_records set checksum = sha256('x') ${WHERE}`],
    ['a record removed', `delete from ledger.audit_records ${WHERE}`],
    [
      'personal data put in',
      `insert into ledger.audit_personal (bucket, sequence, salt, data) values (${BUCKET}, 3, 'x', '{}')`,
    ],
  ])('names the record with %s', async (_what, tampering) => {
    await audit.sql('create table ledger.kept as select * from ledger.audit_records');
    try {
      await audit.sql(tampering);
      expect(await faults()).toEqual([expect.stringMatching(new RegExp(`^${BUCKET}/3: `))]);
    } finally {
      await audit.sql('delete from ledger.audit_records');
      await audit.sql('insert into ledger.audit_records select * from ledger.kept');
      await audit.sql('drop table ledger.kept');
      await audit.sql(`delete from ledger.audit_personal where data = '{}'`);
    }
    expect(await faults()).toEqual([]);
  });

  it('finds what was cut off at the end', async () => {
    const [head] = await audit.sql<{ sequence: string }>(
      'select sequence::text from ledger.audit_heads where bucket = $1',
      [BUCKET],
    );
    const cut = `with gone as (delete from ledger.audit_records where bucket = $1 and sequence = $2 returning *)
                 insert into ledger.kept select * from gone`;
    await audit.sql('create table ledger.kept (like ledger.audit_records)');
    await audit.sql(cut, [BUCKET, head?.sequence]);
    expect(await faults()).toEqual([
      `${BUCKET}/${head?.sequence ?? ''}: record ${head?.sequence ?? ''} is missing from the end`,
    ]);
    await audit.sql('insert into ledger.audit_records select * from ledger.kept');
    await audit.sql('drop table ledger.kept');
    expect(await faults()).toEqual([]);
  });

  it('goes on over the calls that a long chain takes', async () => {
    await audit.sql('truncate ledger.audit_records, ledger.audit_heads, ledger.audit_personal');
    for (let turn = 0; turn < 21; turn++) {
      await record(...Array.from({ length: 1_000 }, () => eventOf('', { personalJson: '' })));
    }
    const first = await granted(audit.verifyAuditTrail.execute(''));
    expect(first).toMatchObject({ recordsChecked: 20_000n, faults: [] });
    const second = await granted(audit.verifyAuditTrail.execute(first.nextCursor));
    expect(second).toMatchObject({ recordsChecked: 1_000n, faults: [], nextCursor: '' });
  });

  it('refuses a cursor that no verification returned', async () => {
    expect(await audit.verifyAuditTrail.execute('AAAA')).toMatchObject({ code: 'INVALID_CURSOR' });
  });
});

describe("the app's role", () => {
  it.each(['update ledger.audit_records set action = action', 'delete from ledger.audit_records'])(
    'may not: %s',
    async (statement) => {
      await expect(audit.database.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
    },
  );
});
