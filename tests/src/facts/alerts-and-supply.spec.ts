import { afterAll, beforeAll, expect, it, describe } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { RestCaller } from '../support/rest-caller.js';

// Before the database's own hook: the processes end before it is dropped.
afterAll(() => platform?.stop());
const database = useDatabase();
let platform: RunningPlatform | undefined;
let operator: RestCaller;

beforeAll(async () => {
  platform = await startPlatform({ env: { DATABASE_URL: database.url } });
  operator = await callerAs('operator');
});

async function callerAs(...roles: ('operator' | 'auditor' | 'service')[]): Promise<RestCaller> {
  if (platform === undefined) throw new Error('the platform runs only while the tests do');
  return new RestCaller(`${platform.apiUrl}/`, `Bearer ${await platform.token(roles)}`);
}

describe('alerts and supply in the public interface', () => {
  let transactionId: unknown;

  it('show chips that left a table without cover, while play goes on', async () => {
    await operator.must('POST', 'accounts/alice/deposit', { amount: 100, source: 'test' });
    await operator.must('PUT', 'tables/oak', { escrowPolicy: 'observe' });
    const { transactionId: id } = await operator.must('POST', 'tables/oak/cash-outs', {
      accountId: 'alice',
      amount: 40,
    });
    transactionId = id;
    await eventually(async () => {
      const { json } = await operator.get('alerts?type=inflation_detected&status=open');
      expect(json).toEqual({
        alerts: [
          {
            alertId: expect.any(String),
            type: 'inflation_detected',
            accountId: '@table/oak/CHIPS',
            level: 'critical',
            status: 'open',
            message: expect.any(String),
            detail: {
              chips: '40',
              currency: 'CHIPS',
              escrow: '-40',
              tableId: 'oak',
              transactionId,
              transactionType: 'CASH_OUT',
            },
            openedAt: expect.any(String),
            closedAt: null,
          },
        ],
        nextCursor: null,
      });
    });
    const { json } = await operator.get(`alerts?accountId=${encodeURIComponent('@table/elm/CHIPS')}`);
    expect(json).toEqual({ alerts: [], nextCursor: null });
  });

  it('show where all units are: what circulates is what was issued', async () => {
    await eventually(async () => {
      const { json } = await operator.get('analytics/supply?currency=CHIPS');
      expect(json).toMatchObject({
        currencies: [
          {
            currency: 'CHIPS',
            circulating: 100,
            issued: 100,
            sources: [{ type: 'DEPOSIT', amount: 100, entries: 1 }],
            sinks: [],
          },
        ],
      });
      const [supply] = json['currencies'] as { kinds: { kind: string; balance: number }[] }[];
      const held = supply?.kinds.map(({ kind, balance }) => [kind, balance]);
      expect(held).toContainEqual(['player', 140]);
      expect(held).toContainEqual(['table', -40]);
    });
  });

  it('are for operators and auditors alone', async () => {
    const statuses = async (caller: RestCaller) => [
      (await caller.get('alerts')).status,
      (await caller.get('analytics/supply')).status,
    ];
    expect(await statuses(await callerAs('auditor'))).toEqual([200, 200]);
    expect(await statuses(await callerAs('service'))).toEqual([403, 403]);
    expect(await statuses(await callerAs())).toEqual([403, 403]);
  });

  it.each([
    ['alerts?status=ajar', 'INVALID_REQUEST'],
    ['alerts?type=weather', 'INVALID_REQUEST'],
    ['alerts?cursor=bm9uc2Vuc2U', 'INVALID_CURSOR'],
    ['analytics/supply?currency=no%20currency', 'INVALID_CURRENCY'],
  ])('refuse %s', async (path, code) => {
    const { status, json } = await operator.get(path);
    expect([status, json['error']]).toEqual([400, code]);
  });
});
