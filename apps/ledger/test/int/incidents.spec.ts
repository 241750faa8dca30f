import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FoundIncident } from '../../src/application/incidents/incident-log.js';
import { isReadRefusal } from '../../src/application/read-refusal.js';
import { granted } from '../support/granted.js';
import { useLedger } from '../support/use-ledger.js';

const FOUND: FoundIncident = {
  type: 'integrity_failure',
  bucket: 1,
  accountId: 'alice',
  foundBy: 'walk',
  sequence: 3n,
  entryId: 'e-3',
  reason: 'checksum does not match the entry',
  expectedJson: '{}',
  foundJson: '{}',
};
const EVERYTHING = { limit: 0, cursor: '', type: '', status: '', accountId: '' };

describe('the log of incidents', () => {
  const suite = useLedger();
  const log = () => suite.incidents.incidents;
  const list = (request: Partial<typeof EVERYTHING> = {}) =>
    granted(suite.incidents.listIncidents.execute({ ...EVERYTHING, ...request }));

  beforeEach(() => suite.sql('truncate ledger.incidents'));

  it('opens one incident for an account and type, however often it is found', async () => {
    const [opened] = await log().report([FOUND, { ...FOUND, sequence: 9n }]);
    expect(opened).toMatchObject({ ...FOUND, resolution: '' });
    expect(await log().report([{ ...FOUND, sequence: 2n, reason: 'another' }])).toEqual([]);
    const { incidents } = await list();
    expect(incidents).toMatchObject([{ incidentId: opened?.incidentId, sequence: 3n, reason: FOUND.reason }]);
    expect(await log().countOpen()).toBe(1n);
  });

  it('remembers when it was seen again', async () => {
    const [opened] = await log().report([FOUND]);
    await suite.sql('update ledger.incidents set found_at_ms = 5, last_seen_at_ms = 5');
    await log().report([FOUND]);
    const [incident] = (await list()).incidents;
    expect(incident?.foundAtMs).toBe(5n);
    expect(incident?.lastSeenAtMs).toBeGreaterThanOrEqual(opened?.foundAtMs ?? 0n);
  });

  it('opens one incident when several report it at once', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => log().report([FOUND])));
    expect(opened.flat()).toHaveLength(1);
    expect((await list()).incidents).toHaveLength(1);
  });

  it('keeps types, buckets and accounts apart', async () => {
    const others = [{ type: 'drift' as const }, { bucket: 2 }, { accountId: '' }];
    expect(await log().report([FOUND, ...others.map((other) => ({ ...FOUND, ...other }))])).toHaveLength(4);
  });

  it('closes an incident once, and opens another when it is found again', async () => {
    const [first] = await log().report([FOUND]);
    expect(await log().resolve(FOUND, 'no longer found')).toMatchObject({
      incidentId: first?.incidentId,
      resolution: 'no longer found',
      resolvedAtMs: expect.any(BigInt),
    });
    expect(await log().resolve(FOUND, 'no longer found')).toBeUndefined();
    const [second] = await log().report([FOUND]);
    expect(second?.incidentId).not.toBe(first?.incidentId);
    expect(await log().countOpen()).toBe(1n);
  });

  it('says better afterwards how one ended, and nothing of one that is open', async () => {
    const [incident] = await log().report([FOUND]);
    const id = incident?.incidentId ?? '';
    await log().amend(id, 'repaired');
    expect((await list()).incidents).toMatchObject([{ incidentId: id, resolution: '' }]);
    await log().resolve(FOUND, 'no longer found');
    await log().amend(id, 'repaired');
    expect((await list()).incidents).toMatchObject([{ incidentId: id, resolution: 'repaired' }]);
  });

  it('is closed only by the check that found it when that is asked for', async () => {
    await log().report([{ ...FOUND, foundBy: 'seals' }]);
    expect(await log().resolve(FOUND, 'no longer found', ['walk', 'new_facts'])).toBeUndefined();
    expect(await log().resolve(FOUND, 'no longer found', ['seals'])).toBeDefined();
  });

  it('lists newest first in pages, without one twice or none', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await log().report(names.map((accountId) => ({ ...FOUND, accountId })));
    await suite.sql(`update ledger.incidents set found_at_ms = case account_id when 'a' then 9 else 7 end`);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list({ limit: 2, cursor });
      seen.push(...page.incidents.map(({ accountId }) => accountId));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(seen[0]).toBe('a');
    expect(seen.toSorted()).toEqual(names);
  });

  it('filters by type, status and account', async () => {
    await log().report([FOUND, { ...FOUND, type: 'drift' }, { ...FOUND, accountId: 'bob' }]);
    await log().resolve({ ...FOUND, accountId: 'bob' }, 'repaired');
    const found = async (request: Partial<typeof EVERYTHING>) =>
      (await list(request)).incidents.map(({ type, accountId }) => `${type} ${accountId}`).toSorted();
    expect(await found({ type: 'drift' })).toEqual(['drift alice']);
    expect(await found({ status: 'resolved' })).toEqual(['integrity_failure bob']);
    expect(await found({ status: 'open', accountId: 'alice' })).toEqual([
      'drift alice',
      'integrity_failure alice',
    ]);
    expect(await found({ status: 'open', accountId: 'bob' })).toEqual([]);
  });

  it.each([
    ['INVALID_REQUEST', { limit: 501 }],
    ['INVALID_REQUEST', { type: 'fire' }],
    ['INVALID_REQUEST', { status: 'closed' }],
    ['INVALID_CURSOR', { cursor: 'bm9uZQ' }],
  ])('refuses with %s', async (code, request) => {
    const refusal = await suite.incidents.listIncidents.execute({ ...EVERYTHING, ...request });
    expect(isReadRefusal(refusal) ? refusal.code : 'granted').toBe(code);
  });
});
