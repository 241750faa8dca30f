import { accountFromJson, accountToJson } from '@steelyard/domain/accounts';
import type { ChainableCommander, Redis } from 'ioredis';
import { z } from 'zod';
import type { KnownAccount } from '../../application/read-accounts/account-cache.port.js';
import type { CacheListener, KnownHolder } from './memory-account-cache.js';

const ACCOUNT_PREFIX = 'steelyard:account:';
const HOLDER_PREFIX = 'steelyard:holder:';
/** Long enough that an account in constant use is written a few times a second, not at each of its commits. */
const FLUSH_INTERVAL_MS = 200;
const FLUSH_KEYS_MAX = 1_000;
/** What waits while Redis is away; beyond it the longest waiting is given up. */
const WAITING_MAX = 10_000;
const KEYS_PER_READ_MAX = 1_000;

/**
 * Writes of several processes come in any order: a later version stays. ARGV: version, value, milliseconds to live.
 * The value begins with its version.
 */
const KEEP_LATEST = `
  local stored = redis.call('get', KEYS[1])
  local version = stored and tonumber(string.match(stored, '^%d+'))
  if version and version > tonumber(ARGV[1]) then return 0 end
  redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1`;

const STORED_ACCOUNT = /^\d+ (\d+) (\{.*\})$/s;
const accountJson = z.record(z.string(), z.json());
const holderJson = z.object({ asOfMs: z.number(), accountIds: z.array(z.string()) });

/**
 * Accounts in Redis, for other processes and for this one after a restart. Writes are collected and sent in the
 * background, so that nothing ever waits for Redis; reads answer with nothing when it does not answer in time.
 */
export class RedisAccountStore implements CacheListener {
  readonly #redis: Redis;
  readonly #timeToLiveMs: number;
  readonly #accounts = new Map<string, KnownAccount>();
  readonly #holders = new Map<string, KnownHolder>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param redis its commands fail soon while it is away, and none of them waits for its return. */
  constructor(redis: Redis, { timeToLiveMs }: { readonly timeToLiveMs: number }) {
    this.#redis = redis;
    this.#timeToLiveMs = timeToLiveMs;
  }

  remembered(known: KnownAccount): void {
    enqueue(this.#accounts, known.account.accountId, known);
    this.#schedule();
  }

  holderRemembered(holderId: string, holder: KnownHolder): void {
    enqueue(this.#holders, holderId, holder);
    this.#schedule();
  }

  /** Those that are stored. */
  async find(accountIds: readonly string[]): Promise<readonly KnownAccount[]> {
    const found: KnownAccount[] = [];
    for (let from = 0; from < accountIds.length; from += KEYS_PER_READ_MAX) {
      const keys = accountIds.slice(from, from + KEYS_PER_READ_MAX).map((id) => ACCOUNT_PREFIX + id);
      for (const value of await this.#read(keys)) {
        const known = value === null ? undefined : accountIn(value);
        if (known) found.push(known);
      }
    }
    return found;
  }

  async findHolder(holderId: string): Promise<KnownHolder | undefined> {
    const [value = null] = await this.#read([HOLDER_PREFIX + holderId]);
    return value === null ? undefined : holderIn(value);
  }

  /** Sends what waits, when Redis is there, and ends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#flush();
  }

  async #read(keys: readonly string[]): Promise<readonly (string | null)[]> {
    if (this.#redis.status !== 'ready') return [];
    try {
      return await this.#redis.mget([...keys]);
    } catch {
      // The connection tells of its loss by itself; a cache that is away has nothing.
      return [];
    }
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => void this.#flushAndGoOn(), FLUSH_INTERVAL_MS).unref();
  }

  async #flushAndGoOn(): Promise<void> {
    await this.#flush();
    this.#timer = undefined;
    if (this.#accounts.size > 0 || this.#holders.size > 0) this.#schedule();
  }

  async #flush(): Promise<void> {
    if (this.#redis.status !== 'ready') return;
    const accounts = take(this.#accounts);
    const holders = take(this.#holders);
    const pipeline = this.#redis.pipeline();
    for (const [, known] of accounts) this.#writeAccount(pipeline, known);
    for (const [holderId, holder] of holders) this.#writeHolder(pipeline, holderId, holder);
    const failed = await failedIn(pipeline);
    accounts.forEach(([id, known], i) => {
      if (failed(i) && !this.#accounts.has(id)) enqueue(this.#accounts, id, known);
    });
    holders.forEach(([id, holder], i) => {
      if (failed(accounts.length + i) && !this.#holders.has(id)) enqueue(this.#holders, id, holder);
    });
  }

  #writeAccount(pipeline: ChainableCommander, { account, asOfMs }: KnownAccount): void {
    const version = account.version.toString();
    const value = `${version} ${asOfMs} ${JSON.stringify(accountToJson(account))}`;
    pipeline.eval(KEEP_LATEST, 1, ACCOUNT_PREFIX + account.accountId, version, value, this.#timeToLiveMs);
  }

  #writeHolder(pipeline: ChainableCommander, holderId: string, holder: KnownHolder): void {
    pipeline.set(HOLDER_PREFIX + holderId, JSON.stringify(holder), 'PX', this.#timeToLiveMs);
  }
}

function enqueue<Value>(waiting: Map<string, Value>, id: string, value: Value): void {
  waiting.set(id, value);
  if (waiting.size <= WAITING_MAX) return;
  for (const oldest of waiting.keys()) {
    waiting.delete(oldest);
    return;
  }
}

function take<Value>(waiting: Map<string, Value>): [string, Value][] {
  const taken: [string, Value][] = [];
  for (const entry of waiting) {
    if (taken.length >= FLUSH_KEYS_MAX) break;
    taken.push(entry);
    waiting.delete(entry[0]);
  }
  return taken;
}

/** Sends the commands; tells which of them have not been done. */
async function failedIn(pipeline: ChainableCommander): Promise<(index: number) => boolean> {
  try {
    const results = await pipeline.exec();
    return (index) => results?.[index]?.[0] !== null;
  } catch {
    return () => true;
  }
}

/** undefined for what another release wrote in another form. */
function accountIn(value: string): KnownAccount | undefined {
  const [, asOfMs, json] = STORED_ACCOUNT.exec(value) ?? [];
  if (asOfMs === undefined || json === undefined) return undefined;
  try {
    return { account: accountFromJson(accountJson.parse(JSON.parse(json))), asOfMs: Number(asOfMs) };
  } catch {
    return undefined;
  }
}

function holderIn(value: string): KnownHolder | undefined {
  try {
    return holderJson.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}
