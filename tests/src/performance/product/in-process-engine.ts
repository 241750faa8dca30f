import { isRefusal } from '@steelyard/domain/result';
import { prepare, type Answer, type Command, type PreparedCommand } from '@steelyard/domain/posting';
import { createLogger, createMetrics } from '@steelyard/platform/observability';
import { createPool, openPipelined, type PipelinedConnection, type Pool } from '@steelyard/platform/postgres';
import type { CallOutcome } from '../load/load-recorder.js';
import type { Move } from '../load/move.js';

/*
 * The balance app as it is built. Nothing may import an app, so it is loaded at run time, and these are the parts
 * of its composition root that are used: when one changes, the program says so at its first step.
 */
interface BalanceConfig {
  readonly BUCKETS: number;
  readonly DEFAULT_CURRENCY: string;
  readonly BALANCE_LANES: number;
  readonly BALANCE_POOL_SIZE: number;
  readonly ACCOUNT_CACHE_SIZE: number;
  readonly ACCOUNT_CACHE_AGE_MAX_MS: number;
}

interface CacheModule {
  readonly MemoryAccountCache: new (options: {
    accountsMax: number;
    ageMaxMs: number;
    now: () => number;
  }) => object;
}

interface ConfigModule {
  readonly loadConfig: (env: Readonly<Record<string, string>>) => BalanceConfig;
}

interface SchemaModule {
  readonly BALANCE_ROLE: string;
  readonly setUpSchema: (url: string, choice: { buckets: number; defaultCurrency: string }) => Promise<void>;
}

interface Engine {
  execute(commands: readonly { prepared: PreparedCommand; atomicGroup: number }[]): Promise<Answer[]>;
  drain(): Promise<void>;
}

interface CompositionModule {
  readonly composeBalance: (
    connections: { pool: Pool; writers: readonly PipelinedConnection[]; accountCache: object },
    config: BalanceConfig,
    runtime: { metrics: ReturnType<typeof createMetrics>; logger: ReturnType<typeof createLogger> },
  ) => { readonly engine: Engine };
}

/** A command and its idempotency key. */
export interface KeyedCommand {
  readonly key: string;
  readonly command: Command;
}

const BALANCE_DIST = new URL('../../../../apps/balance/dist/', import.meta.url);
/** As in the app. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** The load decides the size of batches: it has as many calls under way as the engine writes batches at once. */
const BATCH_COMMANDS_MAX = 5_000;

/** The posting engine with everything on, in this process, on an empty database that it sets up. */
export class InProcessEngine {
  private isClosed = false;

  private constructor(
    private readonly engine: Engine,
    private readonly buckets: number,
    private readonly closeConnections: () => Promise<void>,
  ) {}

  static async open(databaseUrl: string): Promise<InProcessEngine> {
    const { loadConfig } = await load<ConfigModule>('config.js');
    const { setUpSchema, BALANCE_ROLE } = await load<SchemaModule>('infrastructure/postgres/schema-setup.js');
    const { MemoryAccountCache } = await load<CacheModule>('infrastructure/cache/memory-account-cache.js');
    const { composeBalance } = await load<CompositionModule>('balance.composition.js');
    const config = loadConfig({
      DATABASE_URL: databaseUrl,
      BALANCE_BATCH_COMMANDS_MAX: String(BATCH_COMMANDS_MAX),
    });
    await setUpSchema(databaseUrl, { buckets: config.BUCKETS, defaultCurrency: config.DEFAULT_CURRENCY });
    const options = {
      url: databaseUrl,
      role: BALANCE_ROLE,
      applicationName: 'steelyard bench',
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    };
    const pool = createPool({ ...options, sizeMax: config.BALANCE_POOL_SIZE });
    const lanes = Array.from({ length: config.BALANCE_LANES });
    const writers = await Promise.all(lanes.map(() => openPipelined(options)));
    const runtime = { metrics: createMetrics('bench'), logger: createLogger('bench', 'error') };
    const accountCache = new MemoryAccountCache({
      accountsMax: config.ACCOUNT_CACHE_SIZE,
      ageMaxMs: config.ACCOUNT_CACHE_AGE_MAX_MS,
      now: Date.now,
    });
    const { engine } = composeBalance({ pool, writers, accountCache }, config, runtime);
    return new InProcessEngine(engine, config.BUCKETS, async () => {
      await Promise.all(writers.map((writer) => writer.close()));
      await pool.end();
    });
  }

  /** Executes moves as one call of the engine. Rejects when nothing is known of them. */
  async execute(moves: readonly Move[]): Promise<CallOutcome> {
    const answers = await this.executeAll(moves.map((move) => ({ key: move.key, command: commandOf(move) })));
    return countOf(answers);
  }

  /** Prepares and executes any commands as one call of the engine; an answer each. */
  executeAll(requests: readonly KeyedCommand[]): Promise<Answer[]> {
    const { buckets } = this;
    const commands = requests.map(({ key: idempotencyKey, command }) => ({
      prepared: prepare(command, { idempotencyKey, buckets }),
      atomicGroup: 0,
    }));
    return this.engine.execute(commands);
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.engine.drain();
    await this.closeConnections();
  }
}

/** How many of the answers are grants. */
export function countOf(answers: readonly Answer[]): CallOutcome {
  const refused = answers.filter(({ outcome }) => isRefusal(outcome)).length;
  return { accepted: answers.length - refused, refused };
}

function commandOf(move: Move): Command {
  const { particulars: details } = move;
  const amount = BigInt(move.amount);
  if (move.kind === 'transfer') {
    return {
      kind: 'transfer',
      fromAccountId: move.from,
      toAccountId: move.to,
      amount,
      type: 'TRANSFER',
      details,
    };
  }
  return {
    kind: 'post-to-account',
    accountId: move.accountId,
    amount,
    type: 'DEPOSIT',
    counterpart: 'world',
    opensAccount: true,
    details,
  };
}

async function load<Module>(file: string): Promise<Module> {
  return (await import(new URL(file, BALANCE_DIST).href)) as Module;
}
