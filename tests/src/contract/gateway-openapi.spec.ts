import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type Role, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { answered } from '../support/rest-caller.js';
import { committedDocument, operationsOf, type Operation } from './openapi-document.js';

/** Moves that no operation of the document makes on them: they hold money and stay open. */
const OPENING_BALANCE = 1_000_000;

const document = await committedDocument();
const operations = operationsOf(document);
const guarded = operations.filter((operation) => operation.access !== undefined);
const withBody = operations.filter((operation) => operation.example !== undefined);

const database = useDatabase();
let platform: RunningPlatform | undefined;
let operator: string;
/** One of alice's that lies under a checkpoint. */
let sealedEntry: string;
let keys = 0;

beforeAll(async () => {
  platform = await startPlatform({
    env: { DATABASE_URL: database.url, LEDGER_SEAL_INTERVAL_MS: '100' },
  });
  operator = `Bearer ${await running().token(['operator'], 'boss')}`;
  for (const account of ['alice', 'bob']) await openAccount(account);
  sealedEntry = await firstSealedEntry();
});
afterAll(() => platform?.stop());

function running(): RunningPlatform {
  if (platform === undefined) throw new Error('the platform runs only while the tests do');
  return platform;
}

interface Sent {
  readonly authorization?: string | undefined;
  readonly body?: string | undefined;
  readonly contentType?: string;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

function send(method: string, path: string, sent: Sent): Promise<Answer> {
  const key = `contract-${keys++}`;
  return answered(() => sendOnce(method, path, { ...sent, key }));
}

async function sendOnce(
  method: string,
  path: string,
  { authorization, body, contentType, key }: Sent & { readonly key: string },
): Promise<Answer> {
  const headers: Record<string, string> = { 'idempotency-key': key };
  if (authorization !== undefined) headers['authorization'] = authorization;
  if (body !== undefined) headers['content-type'] = contentType ?? 'application/json';
  const url = new URL(path, running().apiUrl);
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
}

async function openAccount(accountId: string): Promise<void> {
  const body = JSON.stringify({ initialBalance: OPENING_BALANCE, holderId: accountId });
  const { status, text } = await send('POST', `/api/accounts/${accountId}`, {
    authorization: operator,
    body,
  });
  if (status !== 201) throw new Error(`account ${accountId} was not opened: ${text}`);
}

/** The path of an operation about something that exists: an account of its own, a transaction, a key. */
async function pathFor({ path }: Operation, accountId: string): Promise<string> {
  if (path.includes('/accounts/{id}') || path.includes('/holders/')) return path.replace('{id}', accountId);
  if (path.includes('/transactions/{id}')) return path.replace('{id}', await someTransaction());
  if (path.includes('/api-keys/{id}')) return path.replace('{id}', await someApiKey());
  if (path.includes('/reservations/{id}')) return path.replace('{id}', await someReservation());
  if (path.includes('/tables/')) return pathAtTable(path);
  if (path.endsWith('/consistency')) return `${path}?from=1`;
  return path.replace('{treeSize}', 'latest').replace('/entries/{id}', `/entries/${sealedEntry}`);
}

async function firstSealedEntry(): Promise<string> {
  const sent = { authorization: operator };
  const { text } = await send('GET', '/api/accounts/alice/ledger?limit=1', sent);
  const entryId = /"entryId":"([^"]+)"/.exec(text)?.[1] ?? '';
  const isSealed = async () =>
    (await send('GET', `/api/ledger/entries/${entryId}/proof`, sent)).status === 200;
  await eventually(async () => expect(await isSealed()).toBe(true));
  return entryId;
}

async function someTransaction(): Promise<string> {
  const { text } = await send('POST', '/api/accounts/alice/deposit', {
    authorization: operator,
    body: '{"amount":100}',
  });
  return memberOf(text, 'transactionId');
}

async function someReservation(more: object = {}): Promise<string> {
  const body = JSON.stringify({ amount: 200, ...more });
  const sent = { authorization: operator, body };
  return memberOf((await send('POST', '/api/accounts/alice/reservations', sent)).text, 'reservationId');
}

/** A table with chips of alice's, and a hand to which she has contributed. */
async function pathAtTable(path: string): Promise<string> {
  const tableId = `table-${keys}`;
  const commit = `/api/reservations/${await someReservation({ tableId })}/commit`;
  await succeed('POST', commit, '{}');
  const hand = `/api/tables/${tableId}/hands/hand-1`;
  const bet = JSON.stringify({ seatId: 1, accountId: 'alice', amount: 20, type: 'BET' });
  await succeed('POST', `${hand}/contributions`, bet);
  return path.replace('{tableId}', tableId).replace('{handId}', 'hand-1');
}

async function succeed(method: string, path: string, body: string): Promise<void> {
  const { status, text } = await send(method, path, { authorization: operator, body });
  if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
}

async function someApiKey(): Promise<string> {
  const body = '{"name":"contract","scopes":["accounts:read"]}';
  return memberOf((await send('POST', '/api/api-keys', { authorization: operator, body })).text, 'id');
}

function memberOf(text: string, name: string): string {
  const value: unknown = JSON.parse(text);
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof member !== 'string') throw new Error(`there is no ${name} in ${text}`);
  return member;
}

const bodyOf = ({ example }: Operation): string | undefined =>
  // A key of the example's own would be replayed, or meet another caller's.
  example === undefined ? undefined : JSON.stringify(example).replace('row-1', `row-${keys++}`);

describe('the OpenAPI document', () => {
  it('is the committed one', async () => {
    const { text } = await send('GET', '/api/openapi.json', {});
    expect(JSON.parse(text)).toEqual(document);
  });

  it('has a unique id for every operation', () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  });

  it('has an example for every body', () => {
    const silent = operations.filter(({ takesBody, example }) => takesBody && example === undefined);
    expect(silent.map(({ id }) => id)).toEqual([]);
  });
});

describe('the running gateway', () => {
  it.each(operations)('$id succeeds with its example, as documented', async (operation) => {
    const accountId = `own-${operation.id}`;
    // A closed account must be empty before.
    if (operation.id === 'accounts.close')
      await send('POST', `/api/accounts/${accountId}`, { authorization: operator, body: '{}' });
    else await openAccount(accountId);
    const sent = { authorization: operator, body: bodyOf(operation) };
    const answer = await send(operation.method, await pathFor(operation, accountId), sent);
    expect(operation.faultIn(answer.status, answer.contentType, answer.text)).toBeUndefined();
    expect({ status: Math.floor(answer.status / 100), text: answer.text }).toMatchObject({ status: 2 });
  });

  it.each(guarded)('$id asks for credentials, as documented', async (operation) => {
    const path = await pathFor(operation, 'alice');
    for (const authorization of [undefined, 'Bearer abc', 'Basic YTpi', 'ApiKey a.b']) {
      const { status, contentType, text } = await send(operation.method, path, {
        authorization,
        body: bodyOf(operation),
      });
      expect(status).toBe(401);
      expect(operation.faultIn(status, contentType, text)).toBeUndefined();
    }
  });

  it.each(withBody)('$id refuses malformed bodies, as documented', async (operation) => {
    const path = await pathFor(operation, 'alice');
    const bodies: readonly (readonly [number, Omit<Sent, 'authorization'>])[] = [
      [400, { body: '{' }],
      [400, { body: '[]' }],
      [400, { body: '{"no such member":1}' }],
      [400, { body: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}` }],
      [400, { body: '{"__proto__":{"amount":1}}' }],
      [413, { body: JSON.stringify({ reason: 'x'.repeat(5 * 1024 * 1024) }) }],
      [415, { body: 'amount=1', contentType: 'application/x-www-form-urlencoded' }],
    ];
    for (const [expected, sent] of bodies) {
      const { status, contentType, text } = await send(operation.method, path, {
        authorization: operator,
        ...sent,
      });
      expect({ status, sent: sent.body?.slice(0, 40) }).toEqual({
        status: expected,
        sent: sent.body?.slice(0, 40),
      });
      expect(operation.faultIn(status, contentType, text)).toBeUndefined();
    }
  });

  it.each(operations.filter(({ path }) => path.includes('{')))(
    '$id refuses malformed ids, as documented',
    async (operation) => {
      for (const id of ['%E0%A4%A', '%00', 'a%20b', 'x'.repeat(200), '@world', '..%2f..']) {
        const path = operation.path.replaceAll(/\{\w+\}/g, id);
        const { status, contentType, text } = await send(operation.method, path, {
          authorization: operator,
          body: bodyOf(operation),
        });
        // Of whom nothing is known, nothing is shown.
        const isNoneOrSome = /\/(?:holders|audit)\//.test(operation.path) && status === 200;
        if (!isNoneOrSome) expect([400, 404]).toContain(status);
        expect(operation.faultIn(status, contentType, text)).toBeUndefined();
      }
    },
  );

  it('answers 405 with the methods that there are', async () => {
    const url = new URL('/api/transfers', running().apiUrl);
    const response = await fetch(url, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('access', () => {
  const callers: readonly { name: string; roles: readonly Role[]; subject: string }[] = [
    { name: 'an operator', roles: ['operator'], subject: 'boss' },
    { name: 'an auditor', roles: ['auditor'], subject: 'auditor' },
    { name: 'a service', roles: ['service'], subject: 'service' },
    { name: 'somebody else', roles: [], subject: 'bob' },
  ];
  const matrix = guarded.flatMap((operation) =>
    callers.map((caller) => ({ id: operation.id, operation, ...caller })),
  );

  it.each(matrix)('$id by $name is decided as documented', async ({ operation, roles, subject }) => {
    const token = await running().token(roles, subject);
    const sent = { authorization: `Bearer ${token}`, body: bodyOf(operation) };
    const { status, contentType, text } = await send(
      operation.method,
      await pathFor(operation, 'alice'),
      sent,
    );
    const { self, subject: isAbout } = operation.access ?? {};
    // What is about nobody is for every caller who may read at all.
    const isForAll = self === 'read' && isAbout === null;
    const mayDo = isForAll || roles.some((role) => operation.access?.roles.includes(role));
    // A batch is open to everybody, and decides on each item.
    const isOpen = operation.access?.subject === 'body' && operation.path.endsWith('/batch');
    if (isOpen && !roles.includes('auditor'))
      expect(text).toContain(mayDo ? '"ok":true' : '"error":"FORBIDDEN"');
    else expect({ isForbidden: status === 403, text }).toMatchObject({ isForbidden: !mayDo });
    expect(operation.faultIn(status, contentType, text)).toBeUndefined();
  });

  it('does not tell a stranger whether an account or a transaction exists', async () => {
    const authorization = `Bearer ${await running().token([], 'bob')}`;
    const withoutIds = (text: string): string => text.replace(/"(?:correlationId|instance)":"[^"]*"/g, '');
    const pairs = [
      ['/api/accounts/alice', '/api/accounts/nobody'],
      ['/api/accounts/alice/ledger', '/api/accounts/nobody/ledger'],
      [
        `/api/transactions/${await someTransaction()}`,
        '/api/transactions/0192a7c4-1f00-7003-8000-000000000100',
      ],
    ] as const;
    for (const [real, made] of pairs) {
      const answers = [
        await send('GET', real, { authorization }),
        await send('GET', made, { authorization }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
      expect(withoutIds(answers[0]?.text ?? '')).toBe(withoutIds(answers[1]?.text ?? ''));
    }
  });

  it('shows a paying caller nothing of what the receiver holds', async () => {
    const authorization = `Bearer ${await running().token([], 'alice')}`;
    const body = JSON.stringify({ from: 'alice', to: 'bob', amount: 10 });
    const { status, text } = await send('POST', '/api/transfers', { authorization, body });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ to: { accountId: 'bob', currency: 'CHIPS', amount: 10 } });
    expect(text).toContain(`"to":{"accountId":"bob","currency":"CHIPS","amount":10}`);
    const read = await send('GET', `/api/transactions/${memberOf(text, 'transactionId')}`, { authorization });
    expect(read.text.match(/"balanceAfter"/g)).toHaveLength(1);
  });
});
