import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { alertsV1, factsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { Client } from 'pg';

const DEADLINE_MS = 60_000;

// Before the database's own: everybody has left before it is dropped.
afterAll(async () => {
  await Promise.all([alerts.close(), facts.close(), superuser.end(), app.stop()]);
  balance.forceShutdown();
});
const database = useDatabase();
const balance = new Server();
let app: RunningApp;
let alerts: RpcClient<typeof alertsV1.AlertServiceService>;
let facts: RpcClient<typeof factsV1.FactConsumerServiceService>;
let superuser: Client;

beforeAll(async () => {
  const port = await new Promise<number>((resolve, reject) =>
    balance.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  app = await startApp('notifications', { DATABASE_URL: database.url, BALANCE_GRPC_PORT: String(port) });
  const settings = { address: app.grpcTarget ?? '', deadlineMs: DEADLINE_MS };
  alerts = grpcClient(alertsV1.AlertServiceService, settings);
  facts = grpcClient(factsV1.FactConsumerServiceService, settings);
  superuser = new Client({ connectionString: database.url });
  await superuser.connect();
});
beforeEach(async () => {
  await superuser.query(
    'truncate notifications.alerts, notifications.alert_occurrences, notifications.fact_inbox',
  );
});

function drift(changes: Partial<alertsV1.AlertReport> = {}): alertsV1.AlertReport {
  return {
    occurrenceId: 'incident-1',
    type: 'drift',
    accountId: 'alice',
    message: 'the stored balance differs from the entries',
    detailJson: '{"expected":100,"found":101}',
    occurredAtMs: 1_700_000_000_000n,
    resolved: false,
    ...changes,
  };
}

const report = (...reports: alertsV1.AlertReport[]) => alerts.call('reportAlerts', { reports });
const list = (filter: Partial<alertsV1.ListAlertsRequest> = {}) =>
  alerts.call('listAlerts', { accountId: '', type: '', status: '', limit: 0, cursor: '', ...filter });
const idsOf = ({ alerts: page }: alertsV1.ListAlertsResponse) => page.map(({ accountId }) => accountId);

describe('reported alerts', () => {
  it('are refused as a whole when one of them is malformed', async () => {
    for (const wrong of [
      { type: 'weather' },
      { occurrenceId: '' },
      { detailJson: '[]' },
      { detailJson: '{' },
    ]) {
      const reporting = report(drift(), drift({ occurrenceId: 'incident-2', ...wrong }));
      await expect(reporting).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
    }
    expect(await list()).toEqual({ alerts: [], nextCursor: '' });
  });

  it('are opened once, with what was found', async () => {
    expect(await report(drift())).toEqual({ opened: 1, closed: 0 });
    expect(await report(drift())).toEqual({ opened: 0, closed: 0 });
    expect((await list()).alerts).toEqual([
      {
        alertId: expect.any(String),
        type: 'drift',
        accountId: 'alice',
        level: 'critical',
        status: 'open',
        message: 'the stored balance differs from the entries',
        detailJson: '{"expected":100,"found":101}',
        openedAtMs: 1_700_000_000_000n,
        closedAtMs: undefined,
      },
    ]);
  });

  it('are one for an account while it is open, however many report it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => report(drift({ occurrenceId: `incident-${index % 5}` }))),
    );
    expect(answers.reduce((sum, { opened }) => sum + opened, 0)).toBe(1);
    expect((await list()).alerts).toHaveLength(1);
  });

  it('are closed once, when all that was reported is over', async () => {
    await report(drift(), drift({ occurrenceId: 'incident-2' }));
    expect(await report(drift({ resolved: true }))).toEqual({ opened: 0, closed: 0 });
    const second = drift({ occurrenceId: 'incident-2', resolved: true });
    expect(await report(second)).toEqual({ opened: 0, closed: 1 });
    expect(await report(second, drift({ resolved: true }))).toEqual({ opened: 0, closed: 0 });
    expect((await list()).alerts).toMatchObject([{ status: 'closed', closedAtMs: expect.any(BigInt) }]);
  });

  it('are opened anew by another occurrence, and not by one that is over', async () => {
    await report(drift());
    await report(drift({ resolved: true }));
    expect(await report(drift())).toEqual({ opened: 0, closed: 0 });
    expect(await report(drift({ occurrenceId: 'incident-2' }))).toEqual({ opened: 1, closed: 0 });
    expect((await list({ status: 'open' })).alerts).toHaveLength(1);
  });

  it('are in the history when they were over before they were reported', async () => {
    expect(await report(drift({ resolved: true }))).toEqual({ opened: 1, closed: 1 });
    expect(await report(drift())).toEqual({ opened: 0, closed: 0 });
    expect((await list()).alerts).toMatchObject([{ status: 'closed' }]);
  });
});

describe('lists of alerts', () => {
  beforeEach(async () => {
    const accounts = ['a1', 'a2', 'a3', 'a4', 'a5'];
    await report(
      ...accounts.map((accountId, index) =>
        drift({ occurrenceId: `of-${accountId}`, accountId, occurredAtMs: BigInt(1_000 + (index >> 1)) }),
      ),
      drift({ occurrenceId: 'broken', type: 'integrity_failure', accountId: 'a1', occurredAtMs: 5_000n }),
      drift({ occurrenceId: 'of-a3', accountId: 'a3', resolved: true }),
    );
  });

  it('are newest first, and paged without repeating or leaving out any', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list({ limit: 2, cursor });
      expect(page.alerts.length).toBeLessThanOrEqual(2);
      seen.push(...page.alerts.map(({ alertId }) => alertId));
      cursor = page.nextCursor;
    } while (cursor !== '');
    const whole = await list();
    expect(seen).toEqual(whole.alerts.map(({ alertId }) => alertId));
    expect(seen).toHaveLength(6);
    const times = whole.alerts.map(({ openedAtMs }) => openedAtMs);
    expect(times).toEqual([...times].sort((a, b) => Number(b - a)));
  });

  it('are filtered by account, type and status', async () => {
    expect(idsOf(await list({ accountId: 'a1' }))).toEqual(['a1', 'a1']);
    expect(idsOf(await list({ accountId: 'a1', type: 'drift' }))).toEqual(['a1']);
    expect(idsOf(await list({ status: 'closed' }))).toEqual(['a3']);
    expect(idsOf(await list({ status: 'open', type: 'drift' })).sort()).toEqual(['a1', 'a2', 'a4', 'a5']);
  });

  it.each([{ cursor: 'bm9uc2Vuc2U' }, { limit: 501 }, { type: 'weather' }, { status: 'ajar' }])(
    'refuse %j',
    async (wrong) => {
      await expect(list(wrong)).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
    },
  );
});

describe('chips that came from nowhere', () => {
  const cashOut: factsV1.Fact = {
    bucket: 3,
    sequence: 1n,
    kind: 'CASH_OUT',
    factId: '0192a7c4-1f00-7003-8000-000000000100',
    committedAtMs: 1_700_000_000_000n,
    idempotencyKey: '',
    dataJson: '{"inflation":"5","tableId":"oak"}',
    home: undefined,
    legs: [],
    entries: [
      {
        entryId: '0192a7c4-1f00-7003-8000-000000000101',
        accountId: '@table/oak/CHIPS',
        currency: 'CHIPS',
        amount: -45n,
        balanceBefore: 40n,
        balanceAfter: -5n,
        sequence: 9n,
        checksum: 'c0ffee',
      },
    ],
  };

  it('are an alert that names them, their table and the transaction, once', async () => {
    const request = { bucket: 3, facts: [cashOut] };
    await Promise.all([1, 2, 3].map(() => facts.call('deliver', request)));
    const { alerts: found } = await list();
    expect(found).toMatchObject([
      { type: 'inflation_detected', level: 'critical', status: 'open', accountId: '@table/oak/CHIPS' },
    ]);
    expect(JSON.parse(found[0]?.detailJson ?? '')).toEqual({
      chips: '5',
      currency: 'CHIPS',
      escrow: '-5',
      tableId: 'oak',
      transactionId: cashOut.factId,
      transactionType: 'CASH_OUT',
    });
    const metrics = await (await fetch(`${app.httpUrl}/metrics`)).text();
    expect(metrics).toMatch(/^notifications_alerts_opened_total\{type="inflation_detected".*\} 1$/m);
    await eventually(() => expect(app.logs()).toContain('"alert.opened"'));
  });

  it('are one alert each: every one of them is to be looked at', async () => {
    const second = { ...cashOut, sequence: 2n, factId: '0192a7c4-1f00-7003-8000-000000000200' };
    await facts.call('deliver', { bucket: 3, facts: [cashOut, second] });
    expect((await list({ status: 'open' })).alerts).toHaveLength(2);
  });

  it('are none where nothing is marked, nor on the parts without the table', async () => {
    const plain = { ...cashOut, dataJson: '{"tableId":"oak"}' };
    const elsewhere = { ...cashOut, sequence: 2n, entries: [] };
    await facts.call('deliver', { bucket: 3, facts: [plain, elsewhere] });
    expect((await list()).alerts).toEqual([]);
  });
});
