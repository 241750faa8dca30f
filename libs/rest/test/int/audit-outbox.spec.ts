import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { auditV1 } from '@steelyard/contracts/grpc';
import { createLogger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/outage';
import { ApiKeyDatabase } from '@steelyard/rest/api-keys';
import {
  AuditOutboxRepository,
  AuditRecorder,
  AuditTrailPort,
  edgeEvent,
  ShipAuditEventsHandler,
} from '@steelyard/rest/audit';
import { refused, type Refused } from '@steelyard/rest/refusals';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';

const logger = createLogger('test', 'silent');
const database = useDatabase();
let connection: ApiKeyDatabase;

function open(): ApiKeyDatabase {
  const settings = { url: database.url, role: 'steelyard_gateway', sizeMax: 4, applicationName: 'test' };
  return new ApiKeyDatabase(settings, logger);
}

beforeAll(async () => {
  connection = open();
  connection.start();
  await eventually(() => connection.manager().query('select 1'));
});
beforeEach(() => connection.manager().query('delete from gateway.audit_outbox'));
afterAll(() => connection.stop());

const boss = {
  caller: { kind: 'token', subject: 'boss', roles: ['operator', 'service'] },
  origin: { correlationId: 'c-1', address: '192.0.2.7', userAgent: 'curl/8' },
} as const;

function readOf(accountId: string): auditV1.AuditEvent {
  return edgeEvent(boss, { action: 'ACCOUNT_READ', accountId, detail: { route: 'GET /api/accounts/:id' } });
}

/** The other end, which in these tests says what it is told to say. */
class AnsweringTrail extends AuditTrailPort {
  readonly received: string[] = [];
  answer: (events: readonly auditV1.AuditEvent[]) => auditV1.RecordAuditEventsResponse | Refused = (
    events,
  ) => ({
    recorded: events.length,
  });

  override async record(
    events: readonly auditV1.AuditEvent[],
  ): Promise<auditV1.RecordAuditEventsResponse | Refused> {
    const answer = this.answer(events);
    if ('recorded' in answer) this.received.push(...events.map(({ accountId }) => accountId));
    return answer;
  }
  override list(): Promise<never> {
    throw new Error('the outbox only records');
  }
  override erase(): Promise<never> {
    throw new Error('the outbox only records');
  }
  override verify(): Promise<never> {
    throw new Error('the outbox only records');
  }
}

function setUp(policy: 'defer' | 'refuse' = 'defer', of: ApiKeyDatabase = connection) {
  const outbox = new AuditOutboxRepository(of);
  const recorder = new AuditRecorder(outbox, policy, logger);
  const trail = new AnsweringTrail();
  return { recorder, trail, shipper: new ShipAuditEventsHandler(outbox, recorder, trail, logger) };
}

async function waiting(): Promise<number> {
  const [row] = await connection
    .manager()
    .query<{ count: number }[]>(
      'select count(*)::int as count from gateway.audit_outbox where not is_refused',
    );
  return row?.count ?? -1;
}

describe('an event of the edge', () => {
  it('says who, from where and what, the person apart from the rest', () => {
    const event = readOf('alice');
    expect(event).toMatchObject({
      action: 'ACCOUNT_READ',
      accountId: 'alice',
      performedBy: 'boss',
      role: 'operator',
      apiKeyId: '',
      correlationId: 'c-1',
      detailJson: '{"route":"GET /api/accounts/:id"}',
      personalJson: '{"address":"192.0.2.7","userAgent":"curl/8"}',
    });
    expect(event.eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('of a key names the key', () => {
    const caller = { kind: 'apiKey', keyId: 'aBcDeFgHiJkL', scopes: [] } as const;
    const event = edgeEvent({ ...boss, caller }, { action: 'ACCOUNT_READ' });
    expect(event).toMatchObject({ performedBy: 'key:aBcDeFgHiJkL', apiKeyId: 'aBcDeFgHiJkL', role: '' });
  });
});

describe('the outbox', () => {
  it('has an event when recording it has returned, and drops it when the trail has it', async () => {
    const { recorder, trail, shipper } = setUp();
    await Promise.all(['a', 'b', 'c'].map((id) => recorder.record(readOf(id))));
    expect(await waiting()).toBe(3);
    expect(await shipper.execute()).toBe(false);
    expect(trail.received.sort()).toEqual(['a', 'b', 'c']);
    expect(await waiting()).toBe(0);
  });

  it('keeps events while the trail is away', async () => {
    const { recorder, trail, shipper } = setUp();
    await recorder.record(readOf('a'));
    trail.answer = () => {
      throw new OutageError('away');
    };
    await expect(shipper.execute()).rejects.toThrow(OutageError);
    expect(await waiting()).toBe(1);
  });

  it('is emptied by several processes at once, each event by one of them', async () => {
    const { recorder } = setUp();
    const ids = Array.from({ length: 1_200 }, (_, i) => `p-${i}`);
    await Promise.all(ids.map((id) => recorder.record(readOf(id))));
    const processes = [setUp(), setUp(), setUp()];
    await Promise.all(processes.map(({ shipper }) => shipper.execute()));
    await processes[0]?.shipper.execute();
    expect(processes.flatMap(({ trail }) => trail.received).sort()).toEqual(ids.sort());
    expect(await waiting()).toBe(0);
  });

  it('keeps what the trail will never take aside, and sends the rest', async () => {
    const { recorder, trail, shipper } = setUp();
    await Promise.all(['a', 'bad', 'c'].map((id) => recorder.record(readOf(id))));
    trail.answer = (events) =>
      events.some(({ accountId }) => accountId === 'bad')
        ? refused('INVALID_REQUEST', 'no')
        : { recorded: events.length };
    await shipper.execute();
    expect(trail.received.sort()).toEqual(['a', 'c']);
    expect(await connection.manager().query('select is_refused from gateway.audit_outbox')).toEqual([
      { is_refused: true },
    ]);
  });
});

describe('while the database is away', () => {
  it('events are remembered, and kept once it is back', async () => {
    const later = open();
    const { recorder, trail, shipper } = setUp('defer', later);
    await recorder.record(readOf('a'));
    await Promise.all([recorder.record(readOf('b')), recorder.record(readOf('c'))]);
    await expect(shipper.execute()).rejects.toThrow(OutageError);
    later.start();
    await eventually(() => later.manager().query('select 1'));
    await shipper.execute();
    expect(trail.received.sort()).toEqual(['a', 'b', 'c']);
    await later.stop();
  });

  it('no more are remembered than fit, then what must be recorded is refused', async () => {
    const { recorder } = setUp('defer', open());
    const ids = Array.from({ length: 10_000 }, (_, i) => `p-${i}`);
    await Promise.all(ids.map((id) => recorder.record(readOf(id))));
    await expect(recorder.record(readOf('one-more'))).rejects.toThrow(OutageError);
  });

  it('they are refused at once where that is asked for', async () => {
    const { recorder } = setUp('refuse', open());
    await expect(recorder.record(readOf('a'))).rejects.toThrow(OutageError);
  });
});
