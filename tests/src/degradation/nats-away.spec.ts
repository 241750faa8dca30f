import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectNats } from '@steelyard/platform/messaging';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';
import { auditBooks } from '../acceptance/support/books-audit.js';
import { answered } from '../support/rest-caller.js';
import { isReady, restClient, timesLogged, type RestClient } from './support/rest-client.js';

const APPS = ['balance', 'ledger', 'gateway'] as const;
const CALLERS = 8;
/** Longer than a machine stands still; a call over NATS that nobody takes waits for most of it. */
const PATIENCE = { BALANCE_COMMAND_DEADLINE_MS: '20000', RPC_DEADLINE_MS: '30000' };
const CALLS = 'steelyard.balance.v1.BalanceService.>';

requireServer('nats')('while NATS is away, with gRPC to fall back to', () => {
  let nats: KillableServer;
  let platform: RunningPlatform;
  let operator: RestClient;
  const closers: (() => Promise<unknown>)[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const database = useDatabase();
  beforeAll(async () => {
    nats = await startNats();
    closers.push(() => nats.stop());
    platform = await startPlatform({
      apps: APPS,
      env: {
        DATABASE_URL: database.url,
        TRANSPORT: 'nats',
        NATS_URL: nats.url,
        RPC_FALLBACK: 'grpc',
        ...PATIENCE,
      },
    });
    closers.push(() => platform.stop());
    operator = restClient(platform, await platform.token(['operator']));
  });

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
  /** Deposits until one went over NATS, which the apps may not be connected to yet; how many it took. */
  const depositOverNats = async (key: string): Promise<number> => {
    let deposits = 0;
    await eventually(async () => {
      deposits += 1;
      return (await callsOverNats(() => answered(() => deposit(`${key}-${deposits}`)))) > 0;
    });
    return deposits;
  };
  const timesSaid = (event: string) =>
    APPS.map((name) => timesLogged(platform.app(name).logs(), event, 'rpc'));
  /** Each of the present processes has said so once, or once more than before. */
  const allSay = (event: string, before: readonly number[] = [0, 0, 0]) =>
    eventually(() => expect(timesSaid(event)).toEqual(before.map((times) => times + 1)));
  const allReady = async () =>
    (await Promise.all(APPS.map((name) => isReady(platform.app(name).httpUrl)))).every(Boolean);

  it('answers every call, stays ready, and returns to NATS when it is back', async () => {
    let acknowledged = await depositOverNats('over-nats');

    let isOver = false;
    const callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let i = 0; !isOver; i++) {
        expect(await deposit(`${caller}-${i}`)).toMatchObject({ status: 200 });
        acknowledged += 1;
      }
    });
    await eventually(() => acknowledged > 10 * CALLERS);
    const said = { lost: timesSaid('nats.lost'), regained: timesSaid('nats.regained') };
    await nats.kill9();
    const atKill = acknowledged;
    await eventually(() => acknowledged > atKill + 10 * CALLERS);
    await eventually(async () => expect(await allReady()).toBe(true));
    const history = await operator.get('/accounts/ann/ledger?limit=1');
    expect(history).toMatchObject({ status: 200 });
    await nats.restart();
    await allSay('nats.regained', said.regained);
    isOver = true;
    await Promise.all(callers);

    acknowledged += await depositOverNats('over-nats-again');
    const { body } = await operator.get('/accounts/ann/balance');
    expect(body).toMatchObject({ balance: acknowledged });
    const { faults, effects } = await auditBooks(database.url);
    expect(faults).toEqual([]);
    expect([...effects.values()].every((count) => count === 1)).toBe(true);
    await allSay('nats.lost', said.lost);
  });

  it('starts without it, and uses it when it comes', async () => {
    await nats.kill9();
    await Promise.all(APPS.map((name) => platform.app(name).restart()));
    expect(await deposit('without-nats')).toMatchObject({ status: 200 });
    await nats.restart();
    await allSay('nats.regained');
    expect(await depositOverNats('with-nats')).toBeGreaterThan(0);
  });
});
