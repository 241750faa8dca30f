import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  grpcTransport,
  SteelyardClient,
  SteelyardUnavailableError,
  type SteelyardClientSettings,
} from '@steelyard/client';
import { eventually } from '@steelyard/testing/wait';
import { ScriptedService } from './support/scripted-service.js';

const DEPOSIT = { accountId: 'alice', amount: 5n };
/** An answer that comes is in time, also on a machine that stood still. */
const PATIENT = { attemptTimeoutMs: 60_000, deadlineMs: 120_000 };

describe('a client whose service fails', () => {
  let service: ScriptedService;
  const clients: SteelyardClient[] = [];

  beforeEach(async () => {
    service = await ScriptedService.start();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    service.stop();
  });

  function client(settings: Omit<SteelyardClientSettings, 'transport'> = {}): SteelyardClient {
    const made = new SteelyardClient({
      transport: grpcTransport({ address: service.address }),
      ...PATIENT,
      backoffMs: 5,
      ...settings,
    });
    clients.push(made);
    return made;
  }

  const outageOf = async (call: Promise<unknown>): Promise<SteelyardUnavailableError> => {
    const error: unknown = await call.catch((reason: unknown) => reason);
    if (error instanceof SteelyardUnavailableError) return error;
    throw new Error(`no outage, but ${String(error)}`);
  };

  it('retries until the service answers, under one key that it made itself', async () => {
    service.next('unavailable', 'unavailable');
    const result = await client().accounts.deposit(DEPOSIT);
    expect(result).toMatchObject({ ok: true, value: { balanceAfter: 5n } });
    expect(service.keys).toHaveLength(3);
    expect(new Set(service.keys).size).toBe(1);
  });

  it('uses the key it is given, in every try', async () => {
    service.next('unavailable');
    await client().accounts.deposit(DEPOSIT, { idempotencyKey: 'mine' });
    expect(service.keys).toEqual(['mine', 'mine']);
  });

  it('makes another key for another call', async () => {
    const { accounts } = client();
    await accounts.deposit(DEPOSIT);
    await accounts.deposit(DEPOSIT);
    expect(new Set(service.keys).size).toBe(2);
  });

  it('sends the same operation again when an answer is lost', async () => {
    service.next('lose-answer');
    const hasty = client({ attemptTimeoutMs: 100, attemptsMax: 1_000 });
    const result = await hasty.accounts.deposit(DEPOSIT, { idempotencyKey: 'k' });
    expect(result.ok).toBe(true);
    // Twice, unless the machine stood still for longer than a try may take.
    expect(service.keys.length).toBeGreaterThanOrEqual(2);
    expect(new Set(service.keys)).toEqual(new Set(['k']));
  });

  it('throws with the key when every answer is lost, and says that it may have been done', async () => {
    service.next('lose-answer', 'lose-answer');
    const call = client({ attemptTimeoutMs: 50, attemptsMax: 2 }).accounts.deposit(DEPOSIT, {
      idempotencyKey: 'k',
    });
    expect(await outageOf(call)).toMatchObject({
      reason: 'deadline',
      maybeApplied: true,
      idempotencyKey: 'k',
      retryable: true,
    });
  });

  it('ends within its deadline, whatever the tries do', async () => {
    service.next('lose-answer', 'lose-answer', 'lose-answer');
    // A try alone would outlast the test.
    const call = client({ attemptTimeoutMs: 3_600_000 }).accounts.deposit(DEPOSIT, { deadlineMs: 200 });
    expect((await outageOf(call)).reason).toBe('deadline');
  });

  it('says that nothing can have been done when there never was a connection', async () => {
    service.stop();
    const call = client().accounts.deposit(DEPOSIT);
    expect(await outageOf(call)).toMatchObject({ reason: 'connection', maybeApplied: false });
  });

  it('finds a service that was restarted', async () => {
    const { accounts } = client({ attemptsMax: 100_000, circuit: { failuresToOpen: 100_000 } });
    await accounts.deposit(DEPOSIT);
    service.stop();
    const call = accounts.deposit(DEPOSIT);
    await service.resume();
    expect((await call).ok).toBe(true);
  });

  it('does not retry a refusal', async () => {
    service.next(() => ({
      replayed: false,
      result: { $case: 'refusal', value: { code: 'ACCOUNT_FROZEN', message: 'frozen', field: 'accountId' } },
    }));
    const result = await client().accounts.deposit(DEPOSIT);
    expect(result).toEqual({
      ok: false,
      error: { code: 'ACCOUNT_FROZEN', message: 'frozen', field: 'accountId' },
    });
    expect(service.requests).toHaveLength(1);
  });

  it('does not retry an answer that makes no sense', async () => {
    service.next('nonsense');
    await expect(client().accounts.deposit(DEPOSIT)).rejects.toThrow(
      '1 commands were answered with 0 outcomes',
    );
    expect(service.requests).toHaveLength(1);
  });

  const failingThreeTimes = async (probeAfterMs: number): Promise<[SteelyardClient, states: string[]]> => {
    const made = client({ attemptsMax: 1, circuit: { failuresToOpen: 3, probeAfterMs } });
    const states: string[] = [];
    made.onStateChange((state) => states.push(state));
    service.next('unavailable', 'unavailable', 'unavailable');
    for (let i = 0; i < 3; i++) await outageOf(made.accounts.deposit(DEPOSIT));
    return [made, states];
  };

  it('opens its circuit after failures in a row and sends nothing', async () => {
    const [made] = await failingThreeTimes(3_600_000);
    expect(made.state).toBe('open');
    expect(await outageOf(made.accounts.deposit(DEPOSIT))).toMatchObject({
      reason: 'circuit-open',
      maybeApplied: false,
    });
    expect(service.requests).toHaveLength(3);
  });

  it('closes its circuit with one good probe', async () => {
    const [made, states] = await failingThreeTimes(1);
    await eventually(async () => (await made.accounts.deposit(DEPOSIT)).ok);
    expect(made.state).toBe('closed');
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('sends what is called in one turn of the event loop as one request, in order', async () => {
    const { accounts } = client({ batch: true });
    const results = await Promise.all(
      [1n, 2n, 3n].map((amount) => accounts.deposit({ accountId: 'alice', amount })),
    );
    expect(results.map((result) => result.ok && result.value.amount)).toEqual([1n, 2n, 3n]);
    expect(service.requests).toHaveLength(1);
  });

  it('retries a batch as a whole, each operation under its own key', async () => {
    service.next('unavailable');
    const { accounts } = client({ batch: true });
    const keys = ['a', 'b', 'c'];
    await Promise.all(keys.map((idempotencyKey) => accounts.deposit(DEPOSIT, { idempotencyKey })));
    expect(service.keys).toEqual([...keys, ...keys]);
  });

  it('sends no more together than it is told to', async () => {
    const { accounts } = client({ batch: { sizeMax: 2 } });
    await Promise.all([1, 2, 3, 4, 5].map(() => accounts.deposit(DEPOSIT)));
    expect(service.requests.map((commands) => commands.length).sort()).toEqual([1, 2, 2]);
  });
});
