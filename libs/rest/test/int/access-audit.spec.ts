import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditV1 } from '@steelyard/contracts/grpc';
import { fastifyOptions } from '@steelyard/platform/http';
import { createLogger } from '@steelyard/platform/observability';
import { ACCESS, type Caller } from '@steelyard/rest/access';
import { ApiKeyDatabase } from '@steelyard/rest/api-keys';
import { AccessAudit, AuditOutboxRepository, AuditRecorder } from '@steelyard/rest/audit';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';
import { fastify } from 'fastify';

const logger = createLogger('test', 'silent');
const database = useDatabase();
let connection: ApiKeyDatabase;

beforeAll(async () => {
  const settings = { url: database.url, role: 'steelyard_gateway', sizeMax: 2, applicationName: 'test' };
  connection = new ApiKeyDatabase(settings, logger);
  connection.start();
  await eventually(() => connection.manager().query('select 1'));
});
beforeEach(() => connection.manager().query('delete from gateway.audit_outbox'));
afterAll(() => connection.stop());

const operator: Caller = { kind: 'token', subject: 'boss', roles: ['operator'] };
const auditor: Caller = { kind: 'token', subject: 'eve', roles: ['auditor', 'service'] };
const machine: Caller = { kind: 'token', subject: 'game', roles: ['service'] };
const key: Caller = { kind: 'apiKey', keyId: 'aBcDeFgHiJkL', scopes: ['accounts:read'] };
const player: Caller = { kind: 'token', subject: 'alice', roles: [] };

interface Visit {
  readonly caller: Caller;
  readonly rule?: keyof typeof ACCESS;
  readonly route?: string;
  readonly url?: string;
  readonly isDenied?: boolean;
}

/** Sends requests through a server that asks the audit as the guard does; what it told the outbox. */
async function recordedOf(visits: readonly Visit[], recordsMachines = false): Promise<auditV1.AuditEvent[]> {
  const recorder = new AuditRecorder(new AuditOutboxRepository(connection), 'refuse', logger);
  const audit = new AccessAudit(recorder, recordsMachines, logger);
  for (const visit of visits) {
    const { caller, rule = 'readAccount', route = '/api/accounts/:id', url = '/api/accounts/bob' } = visit;
    const server = fastify(fastifyOptions());
    server.get(route, async (request) => {
      if (visit.isDenied === true) audit.denied(ACCESS[rule], caller, request);
      else await audit.granted(ACCESS[rule], caller, request);
      return {};
    });
    const headers = { 'user-agent': 'curl/8', 'x-correlation-id': 'c-1' };
    const answer = await server.inject({ url, headers });
    expect(answer.statusCode).toBe(200);
    await server.close();
  }
  const rows = await connection
    .manager()
    .query<{ event: Buffer }[]>('select event from gateway.audit_outbox order by event_id');
  return rows.map(({ event }) => auditV1.AuditEvent.decode(event));
}

describe('a look at what belongs to somebody else', () => {
  it('is recorded with who, from where, under which correlation id and what exactly', async () => {
    const url = '/api/accounts/bob/ledger?limit=5';
    const [event] = await recordedOf([{ caller: operator, route: '/api/accounts/:id/ledger', url }]);
    expect(event).toMatchObject({
      action: 'ACCOUNT_READ',
      accountId: 'bob',
      performedBy: 'boss',
      role: 'operator',
      correlationId: 'c-1',
      detailJson: '{"query":"limit=5","route":"GET /api/accounts/:id/ledger"}',
      personalJson: '{"address":"127.0.0.1","userAgent":"curl/8"}',
    });
  });

  it('is recorded of people with a role, not of machines and of owners', async () => {
    const callers = [operator, auditor, machine, key, player];
    const events = await recordedOf(callers.map((caller) => ({ caller })));
    expect(events.map(({ performedBy, role }) => [performedBy, role])).toEqual([
      ['boss', 'operator'],
      ['eve', 'auditor'],
    ]);
  });

  it('is recorded of machines where that is asked for', async () => {
    const events = await recordedOf([{ caller: machine }, { caller: key }, { caller: player }], true);
    expect(events.map(({ performedBy, apiKeyId }) => [performedBy, apiKeyId])).toEqual([
      ['game', ''],
      ['key:aBcDeFgHiJkL', 'aBcDeFgHiJkL'],
    ]);
  });

  it('is not one when it is their own', async () => {
    expect(await recordedOf([{ caller: { ...operator, subject: 'bob' } }])).toEqual([]);
  });

  it('names what is no account in its detail', async () => {
    const [event] = await recordedOf([
      {
        caller: operator,
        rule: 'readTransaction',
        route: '/api/transactions/:id',
        url: '/api/transactions/t-1',
      },
    ]);
    expect(event).toMatchObject({
      action: 'TRANSACTION_READ',
      accountId: '',
      detailJson: '{"id":"t-1","route":"GET /api/transactions/:id"}',
    });
  });

  it('is recorded even when the id can be none', async () => {
    const [event] = await recordedOf([{ caller: operator, url: '/api/accounts/a%20b' }]);
    expect(event).toMatchObject({
      accountId: '',
      detailJson: '{"id":"a b","route":"GET /api/accounts/:id"}',
    });
  });

  it('is none where the rule says nothing of it', async () => {
    expect(await recordedOf([{ caller: operator, rule: 'deposit' }])).toEqual([]);
  });
});

describe('a refused attempt', () => {
  it('is recorded, once a minute for each caller and route', async () => {
    const denied = { caller: player, isDenied: true };
    const ledger = { ...denied, route: '/api/accounts/:id/ledger', url: '/api/accounts/bob/ledger' };
    await recordedOf([denied, denied, ledger, { ...denied, caller: machine }]);
    const events = await eventually(async () => {
      const found = await recordedOf([]);
      expect(found).toHaveLength(3);
      return found;
    });
    expect(
      events.map(({ action, performedBy, accountId }) => [action, performedBy, accountId]).sort(),
    ).toEqual([
      ['ACCESS_DENIED', 'alice', 'bob'],
      ['ACCESS_DENIED', 'alice', 'bob'],
      ['ACCESS_DENIED', 'game', 'bob'],
    ]);
  });
});
