import { seededRandom, type SeededRandom } from '@steelyard/testing/seed';
import type pg from 'pg';
import { accountChoice, otherThan, type Load } from '../load/account-choice.js';
import { closedLoop } from '../load/closed-loop.js';
import type { CallOutcome } from '../load/load-recorder.js';
import type { DatabaseServer } from '../measure/database-server.js';
import { pgbenchVersion } from '../measure/machine.js';
import type { Side } from '../measure/side.js';
import {
  CALL_TRANSFER,
  CREATE_NAIVE,
  CREATE_TPCB,
  CREATE_TRANSFER_FUNCTION,
  FILL_NAIVE,
  FILL_TPCB,
  FILL_TRANSFER_FUNCTION,
} from './baselines.sql.js';
import { baselinePool, CLIENTS } from './clients.js';
import { naiveTransfer, type PairMove } from './naive.js';
import { runPgbench } from './pgbench.js';
import { TPCB_SCALE, tpcbTransaction } from './tpcb.js';
import { TRANSFER_SCRIPTS } from './transfer-scripts.js';

export const BASELINE_IDS = ['tpcb', 'function', 'function-hot', 'naive', 'naive-hot'] as const;
export type BaselineId = (typeof BASELINE_IDS)[number];

const DATABASE = 'baselines';
const AMOUNT_MAX = 100;

/** What the product is compared with, on the same server, in tables of its own. */
export class Baselines {
  readonly #random: SeededRandom = seededRandom(1);

  private constructor(
    private readonly url: string,
    private readonly pool: pg.Pool,
    private readonly accounts: number,
    private readonly hasPgbench: boolean,
  ) {}

  static async create(server: DatabaseServer, accounts: number): Promise<Baselines> {
    const url = await server.createDatabase(DATABASE);
    const pool = baselinePool(url);
    for (const statements of [CREATE_NAIVE, CREATE_TRANSFER_FUNCTION, CREATE_TPCB])
      await pool.query(statements);
    for (const statement of [FILL_NAIVE, FILL_TRANSFER_FUNCTION]) await pool.query(statement, [accounts]);
    for (const statement of FILL_TPCB) await pool.query(statement, [TPCB_SCALE]);
    await pool.query('vacuum analyze');
    return new Baselines(url, pool, accounts, pgbenchVersion() !== undefined);
  }

  /** The baselines with these names, to be measured in turns with the product. */
  sides(ids: readonly BaselineId[]): Side[] {
    return ids.map((id) => this.#side(id));
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  #side(id: BaselineId): Side {
    const accounts = `${this.accounts.toLocaleString('en-US')} accounts`;
    switch (id) {
      case 'tpcb':
        return this.#baseline(id, 'TPC-B-like transaction', (seconds) => this.#runTpcb(seconds));
      case 'function':
        return this.#baseline(id, `transfer function in the database, ${accounts}`, (seconds) =>
          this.#runFunction(seconds, 'uniform'),
        );
      case 'function-hot':
        return this.#baseline(id, 'transfer function in the database, hot account', (seconds) =>
          this.#runFunction(seconds, 'hot'),
        );
      case 'naive':
        return this.#baseline(id, `one transaction a command from Node, ${accounts}`, (seconds) =>
          this.#runNaive(seconds, 'uniform'),
        );
      case 'naive-hot':
        return this.#baseline(id, 'one transaction a command from Node, hot account', (seconds) =>
          this.#runNaive(seconds, 'hot'),
        );
    }
  }

  #baseline(id: BaselineId, title: string, run: Side['run']): Side {
    const usesPgbench = this.hasPgbench && !id.startsWith('naive');
    const driver = usesPgbench ? `pgbench, ${CLIENTS} clients` : `Node, ${CLIENTS} connections`;
    return {
      id,
      title: `${title} (${driver})`,
      kind: 'baseline',
      call: 'one transaction',
      processes: {},
      run,
    };
  }

  #runTpcb(seconds: number) {
    if (this.hasPgbench) return runPgbench({ url: this.url, seconds, script: { builtin: 'tpcb-like' } });
    return this.#loop(seconds, () => tpcbTransaction(this.pool, this.#random));
  }

  #runFunction(seconds: number, load: 'uniform' | 'hot') {
    if (this.hasPgbench) {
      const script = { text: TRANSFER_SCRIPTS[load] };
      return runPgbench({ url: this.url, seconds, script, variables: { accounts: this.accounts } });
    }
    const next = this.#pairs(load);
    return this.#loop(seconds, async () => {
      const { from, to, amount } = next();
      await this.pool.query({ ...CALL_TRANSFER, values: [from, to, amount] });
      return { accepted: 1, refused: 0 };
    });
  }

  #runNaive(seconds: number, load: Load) {
    const next = this.#pairs(load);
    return this.#loop(seconds, () => naiveTransfer(this.pool, next()));
  }

  #loop(seconds: number, call: () => Promise<CallOutcome>) {
    return closedLoop({ inFlight: CLIENTS, commandsPerCall: 1, until: { seconds }, call });
  }

  /** Accounts are numbered from 1 here. */
  #pairs(load: Load): () => PairMove {
    const random = this.#random;
    const choose = accountChoice(load, this.accounts, random);
    return () => {
      const chosen = choose();
      const other = otherThan(chosen, this.accounts, random);
      const [from, to] = random.chance(0.5) ? [chosen, other] : [other, chosen];
      return { from: from + 1, to: to + 1, amount: random.integer(1, AMOUNT_MAX) };
    };
  }
}
