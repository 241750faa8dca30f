import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { RestCaller, textIn } from '../support/rest-caller.js';

const SETTLE = { timeoutMs: 60_000, intervalMs: 200 };

type AuditRecord = Readonly<Record<string, unknown>> & {
  readonly action: string;
  readonly checksum: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

const database = useDatabase();
let platform: RunningPlatform | undefined;
let operator: RestCaller;
let auditor: RestCaller;
let ann: RestCaller;
let machine: RestCaller;

beforeAll(async () => {
  platform = await startPlatform({
    apps: ['balance', 'ledger', 'gateway'],
    env: { DATABASE_URL: database.url },
  });
  const { apiUrl, token } = platform;
  operator = new RestCaller(apiUrl, `Bearer ${await token(['operator'], 'boss')}`);
  auditor = new RestCaller(apiUrl, `Bearer ${await token(['auditor'], 'eve')}`);
  machine = new RestCaller(apiUrl, `Bearer ${await token(['service'], 'game')}`);
  ann = new RestCaller(apiUrl, `Bearer ${await token([], 'ann')}`);
  await operator.must('POST', '/api/accounts/ann', { agentId: 'desk-7' });
  await operator.must('POST', '/api/accounts/bob', {});
});
afterAll(() => platform?.stop());

async function recordsOf(path: string): Promise<AuditRecord[]> {
  const { status, text } = await auditor.get(path);
  expect([status, text]).toEqual([200, expect.any(String)]);
  return (JSON.parse(text) as { records: AuditRecord[] }).records;
}

/** The same, page by page. */
async function pagesOf(path: string): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { text } = await auditor.get(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const page = JSON.parse(text) as { records: AuditRecord[]; nextCursor: string | null };
    records.push(...page.records);
    cursor = page.nextCursor;
  }
  return records;
}

/** The newest record of an action, once the trail has it. */
function recorded(path: string, action: string): Promise<AuditRecord> {
  return eventually(async () => {
    const found = (await recordsOf(path)).find((record) => record.action === action);
    if (!found) throw new Error(`${path} has no ${action} yet`);
    return found;
  }, SETTLE);
}

describe('the audit trail', () => {
  it('tells who moved money, why, and the balances of the ledger before and after', async () => {
    const body = { amount: 250, source: 'till', reason: 'won', performedBy: 'cashier', agentId: 'desk-7' };
    const { transactionId } = await operator.must('POST', '/api/accounts/ann/deposit', body);
    const record = await recorded('/api/audit/accounts/ann', 'BALANCE_CHANGED');
    expect(record).toMatchObject({
      accountId: 'ann',
      agentId: 'desk-7',
      transactionId,
      performedBy: 'cashier',
      reason: 'won',
      currency: 'CHIPS',
      amount: 250,
      balanceBefore: 0,
      balanceAfter: 250,
      detail: { type: 'DEPOSIT', source: 'till' },
    });
    const { json } = await operator.get('/api/accounts/ann/ledger');
    const [entry] = json['entries'] as { entryId: string; checksum: string }[];
    expect([record['entryId'], record['entryChecksum']]).toEqual([entry?.entryId, entry?.checksum]);
    expect(await recordsOf('/api/audit/changes?agentId=desk-7')).toContainEqual(record);
  });

  it('tells what limits and states were before and after', async () => {
    const limits = { limits: { creditLimit: 500 }, reason: 'known customer' };
    await operator.must('PATCH', '/api/accounts/ann', limits);
    expect(await recorded('/api/audit/accounts/ann', 'ACCOUNT_UPDATED')).toMatchObject({
      performedBy: 'boss',
      reason: 'known customer',
      detail: { before: { creditLimit: '0' }, after: { creditLimit: '500' } },
    });
    await operator.must('POST', '/api/accounts/ann/freeze', { reason: 'question' });
    expect(await recorded('/api/audit/accounts/ann', 'ACCOUNT_STATUS_CHANGED')).toMatchObject({
      performedBy: 'boss',
      detail: { before: { status: 'active' }, after: { status: 'frozen' } },
    });
    await operator.must('POST', '/api/accounts/ann/unfreeze', {});
    expect(await recorded('/api/audit/accounts/ann', 'ADMINISTRATION_REQUESTED')).toMatchObject({
      performedBy: 'boss',
      role: 'operator',
      personal: { address: expect.any(String), userAgent: 'node' },
    });
  });

  it("tells of an operator's look at another's account, and not of a player's at their own or a game's", async () => {
    for (const caller of [ann, machine, operator]) await caller.must('GET', '/api/accounts/ann/balance');
    const { headers } = await operator.get('/api/accounts/ann/transactions?limit=3');
    await recorded('/api/audit/accounts/ann', 'ACCOUNT_READ');
    const reads = await eventually(async () => {
      const found = (await recordsOf('/api/audit/accounts/ann')).filter(
        ({ action }) => action === 'ACCOUNT_READ',
      );
      expect(found.map(({ detail }) => detail?.['route'])).toContain('GET /api/accounts/:id/transactions');
      return found;
    }, SETTLE);
    expect(new Set(reads.map((read) => read['performedBy']))).toEqual(new Set(['boss']));
    const looked = reads.find((read) => read['correlationId'] === headers.get('x-correlation-id'));
    expect(looked).toMatchObject({ detail: { query: 'limit=3' }, role: 'operator' });
  });

  it('tells of keys that are made and revoked, and of refused attempts', async () => {
    const created = await operator.must('POST', '/api/api-keys', { name: 'game', scopes: ['accounts:read'] });
    await operator.send('DELETE', `/api/api-keys/${textIn(created, 'id')}`);
    const detail = { keyId: created['id'] };
    expect(await recorded('/api/audit/changes', 'API_KEY_CREATED')).toMatchObject({
      performedBy: 'boss',
      detail,
    });
    expect(await recorded('/api/audit/changes', 'API_KEY_REVOKED')).toMatchObject({
      performedBy: 'boss',
      detail,
    });
    expect((await ann.get('/api/accounts/bob')).status).toBe(403);
    expect(await recorded('/api/audit/accounts/bob', 'ACCESS_DENIED')).toMatchObject({ performedBy: 'ann' });
  });

  it('is for operators and auditors, and reading it is recorded, too', async () => {
    for (const caller of [ann, machine]) {
      expect((await caller.get('/api/audit/accounts/ann')).status).toBe(403);
      expect((await caller.get('/api/audit/changes')).status).toBe(403);
    }
    expect((await auditor.post('/api/audit/erasures', { subject: 'ann', reason: 'x' })).status).toBe(403);
    expect(await recorded('/api/audit/accounts/ann', 'AUDIT_TRAIL_READ')).toMatchObject({
      performedBy: 'eve',
    });
  });

  it('can be recomputed from what the API returns, and page by page is the same list', async () => {
    const path = '/api/audit/changes?to=' + new Date().toISOString();
    const all = await eventually(async () => {
      const before = await recordsOf(`${path}&limit=500`);
      const paged = await pagesOf(`${path}&limit=4`);
      // What happened before `to` may still have been on its way into the trail.
      expect(await recordsOf(`${path}&limit=500`)).toEqual(before);
      expect(paged).toEqual(before);
      return before;
    }, SETTLE);
    expect(all.length).toBeGreaterThan(10);
    for (const record of all) {
      const members = Object.entries(record);
      const end = members.findIndex(([name]) => name === 'checksum');
      const covered = JSON.stringify(Object.fromEntries(members.slice(0, end)));
      expect(createHash('sha256').update(covered).digest('hex')).toBe(record.checksum);
    }
  });

  it('loses what identifies a person on request, and stays whole', async () => {
    const reason = 'request 17';
    const { erased } = await operator.must('POST', '/api/audit/erasures', { subject: 'boss', reason });
    expect(erased).toBeGreaterThan(3);
    const record = await recorded('/api/audit/accounts/ann', 'ADMINISTRATION_REQUESTED');
    expect(record).toMatchObject({ personalErased: true, personalDigest: expect.any(String) });
    expect(record).not.toHaveProperty('personal');
    expect(await recorded('/api/audit/changes', 'PERSONAL_DATA_ERASED')).toMatchObject({
      performedBy: 'boss',
      reason,
      detail: { subject: 'boss', records: erased },
    });
    expect(await auditor.must('POST', '/api/audit/verify', {})).toMatchObject({
      valid: true,
      faults: [],
      nextCursor: null,
    });
  });

  it.each([
    ['/api/audit/changes?hours=0', 'hours'],
    ['/api/audit/changes?hours=24&from=2026-01-01', 'hours'],
    ['/api/audit/changes?limit=501', 'limit'],
    ['/api/audit/changes?cursor=AAAA', 'cursor'],
    ['/api/audit/accounts/a%20b', 'id'],
  ])('refuses %s', async (path, field) => {
    const { status, json } = await auditor.get(path);
    expect([status, json['field']]).toEqual([400, field]);
  });
});
