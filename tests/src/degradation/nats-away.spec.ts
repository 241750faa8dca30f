import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectNats } from '@steelyard/platform/messaging';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';
import { auditBooks } from '../acceptance/support/books-audit.js';
import { isReady, restClient, timesLogged, type RestClient } from './support/rest-client.js';

const APPS = ['balance', 'ledger', 'gateway'] as const;
const START_TIMEOUT_MS = 90_000;
const SETTLE = { timeoutMs: 30_000 };
const CALLERS = 8;
const CALLS = 'steelyard.balance.v1.BalanceService.>';

requireServer('nats')('while NATS is away, with gRPC to fall back to', () => {
  let nats: KillableServer;
  let platform: RunningPlatform;
  let operator: RestClient;
  const closers: (() => Promise<unknown>)[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  }, START_TIMEOUT_MS);
  const database = useDatabase();
  beforeAll(async () => {
    nats = await startNats();
    closers.push(() => nats.stop());
    platform = await startPlatform({
      apps: APPS,
      env: { DATABASE_URL: database.url, TRANSPORT: 'nats', NATS_URL: nats.url, RPC_FALLBACK: 'grpc' },
    });
    closers.push(() => platform.stop());
    operator = restClient(platform, await platform.token(['operator']));
  }, START_TIMEOUT_MS);

  const deposit = (key: string) => operator.post('/accounts/ann/deposit', { amount: 1, source: 'test' }, key);
  /**
   * Calls that went over NATS while the work was done. Only when the apps are connected: for NATS whoever listens could
   * answer, so that a call which nobody else hears would wait for its deadline.
   */
  const callsOverNats = async (work: () => Promise<unknown>): Promise<number> => {
    const connection = await connectNats(nats.url, 'spec');
    const subscription = connection.subscribe(CALLS);
    await connection.flush();
    await work();
    await connection.flush();
    const seen = subscription.getReceived();
    await connection.close();
    return seen;
  };
  /** The present processes have said so, once each. */
  const allSay = (event: string) =>
    eventually(() => {
      const times = APPS.map((name) => timesLogged(platform.app(name).logs(), event, 'rpc'));
      expect(times).toEqual([1, 1, 1]);
    }, SETTLE);
  const allReady = async () =>
    (await Promise.all(APPS.map((name) => isReady(platform.app(name).httpUrl)))).every(Boolean);

  it('answers every call, stays ready, and returns to NATS when it is back', async () => {
    expect(await callsOverNats(() => deposit('over-nats'))).toBeGreaterThan(0);

    let acknowledged = 1;
    let isOver = false;
    const callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let i = 0; !isOver; i++) {
        expect(await deposit(`${caller}-${i}`)).toMatchObject({ status: 200 });
        acknowledged += 1;
      }
    });
    await eventually(() => acknowledged > 10 * CALLERS, SETTLE);
    await nats.kill9();
    const atKill = acknowledged;
    await eventually(() => acknowledged > atKill + 10 * CALLERS, SETTLE);
    expect(await allReady()).toBe(true);
    const history = await operator.get('/accounts/ann/ledger?limit=1');
    expect(history).toMatchObject({ status: 200 });
    await nats.restart();
    await allSay('nats.regained');
    isOver = true;
    await Promise.all(callers);

    expect(await callsOverNats(() => deposit('over-nats-again'))).toBeGreaterThan(0);
    acknowledged += 1;
    const { body } = await operator.get('/accounts/ann/balance');
    expect(body).toMatchObject({ balance: acknowledged });
    const { faults, effects } = await auditBooks(database.url);
    expect(faults).toEqual([]);
    expect([...effects.values()].every((count) => count === 1)).toBe(true);
    await allSay('nats.lost');
  });

  it('starts without it, and uses it when it comes', async () => {
    let tries = 0;
    await nats.kill9();
    await Promise.all(APPS.map((name) => platform.app(name).restart()));
    expect(await deposit('without-nats')).toMatchObject({ status: 200 });
    await nats.restart();
    await allSay('nats.regained');
    await eventually(
      async () => (await callsOverNats(() => deposit(`with-nats-${(tries += 1)}`))) > 0,
      SETTLE,
    );
  });
});
