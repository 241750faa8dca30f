import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres, type TestPostgres } from '@steelyard/testing/postgres';
import { requireServer, startRedis } from '@steelyard/testing/redis';
import { withSeed, type SeededRandom } from '@steelyard/testing/seed';
import {
  inParallel,
  sendOnce,
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import { missingOrDoubled } from './support/effects.js';
import { ALL_KINDS, MixedRequests } from './support/mixed-requests.js';
import { deposit } from './support/wire-commands.js';

/** In CI; an hour by CHAOS_SECONDS=3600. */
const SECONDS_DEFAULT = 25;
const SECONDS = Number.parseInt(process.env['CHAOS_SECONDS'] ?? `${SECONDS_DEFAULT}`, 10);
const CLIENTS = 200;
/** Between two requests of one client: two hundred people, not two hundred machine guns. */
const PAUSE_MAX_MS = 250;
const PATIENCE_MS = 3_000;
const IMPATIENCE_MS = 60;
const IMPATIENT = 0.1;
/** A client asks again what it got no answer to, sooner or later. */
const ASKS_AGAIN = 0.3;
const LOAD_MAX_MS = 2_000;
/** Little is proved by fewer answers. */
const ANSWERS_MIN = SECONDS * 10;
/** Within so many times its seconds a machine that stands still again and again has given them, too. */
const PATIENCE_FACTOR = 10;
/** Shutting down, recovering and auditing come on top of the load. */
const TEST_TIMEOUT_MS = 600_000 + (PATIENCE_FACTOR + 3) * 1_000 * SECONDS;

/** Something that can be killed without warning and comes back as it was stored. */
interface Victim {
  kill9(): Promise<void>;
  restart(): Promise<void>;
}

interface Platform {
  readonly url: string;
  readonly processes: readonly BalanceProcess[];
  readonly victims: readonly Victim[];
}

requireServer('redis')(`${CLIENTS} clients while everything is killed at random`, () => {
  const started: { stop(): Promise<void> }[] = [];
  let platform: Platform | undefined;
  beforeAll(async () => {
    const postgres = await startPostgres();
    started.push(postgres);
    const redis = await startRedis();
    started.push(redis);
    platform = await startPlatform(postgres, redis);
  });
  afterAll(async () => {
    await stopBalance(platform?.processes ?? []);
    for (const server of started.reverse()) await server.stop();
  });

  it(
    'leave books that are whole after every recovery, and nothing acknowledged is lost or doubled',
    () =>
      withSeed(async (random) => {
        if (!platform) throw new Error('nothing runs');
        const { processes, url, victims } = platform;
        const requests = new MixedRequests(random);
        const opening = requests.opening();
        requests.record(opening, await sendUntilAnswered(() => random.pick(processes), opening));

        const startMs = Date.now();
        const isOver = (round: number): boolean => {
          const seconds = (Date.now() - startMs) / 1_000;
          // Each of them is killed at least once.
          if (seconds < SECONDS || round < victims.length) return false;
          return saysEnough(requests) || seconds > PATIENCE_FACTOR * SECONDS;
        };
        for (let round = 0; !isOver(round); round++) {
          await disturb(platform, requests, { random, round });
          await expectWholeBooks(url, requests);
        }
        await askAgain(platform, requests, random);
        await expectWholeBooks(url, requests);
        expect(requests.unknown).toEqual([]);
        expect(requests.acknowledged.size).toBeGreaterThan(ANSWERS_MIN);
        expect([...requests.granted]).toEqual(expect.arrayContaining([...ALL_KINDS]));
      }),
    TEST_TIMEOUT_MS,
  );
});

/** Commands of every kind were granted, and enough of all were answered. */
function saysEnough({ acknowledged, granted }: MixedRequests): boolean {
  return acknowledged.size > ANSWERS_MIN && ALL_KINDS.every((kind) => granted.has(kind));
}

async function startPlatform(postgres: TestPostgres, redis: Victim & { url: string }): Promise<Platform> {
  const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, RESERVATION_SWEEP_INTERVAL_MS: '500' };
  const processes = await startBalance(2, env);
  const apps = processes.map(({ app }) => ({ kill9: () => app.kill9(), restart: () => app.restart() }));
  return { url: postgres.url, processes, victims: [...apps, postgres, redis] };
}

/** Load, with one or two kills in it, until everything is back and answers. */
async function disturb(
  platform: Platform,
  requests: MixedRequests,
  { random, round }: { readonly random: SeededRandom; readonly round: number },
): Promise<void> {
  let isOver = false;
  const clients = Promise.all(
    Array.from({ length: CLIENTS }, () => client(platform, requests, { random, isOver: () => isOver })),
  );
  const others = random.chance(0.4) ? [random.pick(platform.victims)] : [];
  const victims = [
    ...new Set([...platform.victims.filter((_, i) => i === round % platform.victims.length), ...others]),
  ];
  await delay(random.integer(0, LOAD_MAX_MS));
  for (const victim of victims) await victim.kill9();
  await delay(random.integer(0, 500));
  await restartAll(platform, victims);
  for (const [i, process] of platform.processes.entries()) {
    const probe = [deposit(`probe-${requests.acknowledged.size}-${i}`, 'account-0', 1n)];
    requests.record(probe, await sendUntilAnswered(() => process, probe));
  }
  await delay(random.integer(0, LOAD_MAX_MS));
  isOver = true;
  await clients;
}

/** Servers first: an app that is started without its database does not become ready. */
async function restartAll({ victims: all }: Platform, killed: readonly Victim[]): Promise<void> {
  for (const victim of [...all].reverse()) if (killed.includes(victim)) await victim.restart();
}

async function client(
  { processes }: Platform,
  requests: MixedRequests,
  { random, isOver }: { readonly random: SeededRandom; readonly isOver: () => boolean },
): Promise<void> {
  while (!isOver()) {
    await delay(random.integer(0, PAUSE_MAX_MS));
    const forgotten = random.chance(ASKS_AGAIN) ? requests.unknown.shift() : undefined;
    const commands = forgotten ? [forgotten] : [requests.next()];
    const patienceMs = random.chance(IMPATIENT) ? IMPATIENCE_MS : PATIENCE_MS;
    requests.record(commands, await sendOnce(random.pick(processes), commands, patienceMs));
  }
}

async function expectWholeBooks(url: string, requests: MixedRequests): Promise<void> {
  const { faults, effects, balances } = await auditBooks(url);
  expect(faults).toEqual([]);
  expect(missingOrDoubled(effects, requests)).toEqual([]);
  // All of it is chips.
  expect([...balances.values()].reduce((sum, balance) => sum + balance, 0n)).toBe(0n);
}

/** The senders of what was never answered ask until they know. */
async function askAgain(
  { processes }: Platform,
  requests: MixedRequests,
  random: SeededRandom,
): Promise<void> {
  const { unknown } = requests;
  requests.unknown = [];
  await inParallel(unknown, CLIENTS, async (command) => {
    requests.record([command], await sendUntilAnswered(() => random.pick(processes), [command]));
  });
}
