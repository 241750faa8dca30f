import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createPool, type Pool } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import {
  createFactInbox,
  DeadLetters,
  FactInbox,
  type FactHandler,
  type InboxSettings,
} from '../../src/inbox/index.js';

/** An inbox in a database of the suite's own, with a clock that the test sets; empty before each test. */
export interface InboxSuite {
  readonly pool: Pool;
  nowMs: number;
  inbox(handlers: readonly FactHandler[], changes?: Partial<InboxSettings>): FactInbox;
  deadLetters(handlers: readonly FactHandler[]): DeadLetters;
  /** What {@link noting} handlers noted, in the order in which it was written. */
  noted(handler?: string): Promise<string[]>;
}

const SETTINGS = { schema: 'consumer', attemptsMax: 3, retryDelayMs: 100 };

export function useInbox(): InboxSuite {
  const database = useDatabase();
  let pool: Pool;
  beforeAll(async () => {
    pool = createPool({
      url: database.url,
      applicationName: 'facts spec',
      // Beyond any stall of a busy machine: nothing in these tests is about a database that is slow.
      statementTimeoutMs: 120_000,
      connectTimeoutMs: 60_000,
      sizeMax: 8,
    });
    await pool.query(`create schema consumer; ${createFactInbox('consumer')}
      create table consumer.notes (
        note_id bigint generated always as identity, handler text, bucket int, sequence bigint)`);
  });
  beforeEach(async () => {
    await pool.query('truncate consumer.fact_inbox, consumer.fact_dead_letters, consumer.notes');
    suite.nowMs = 1_800_000_000_000;
  });
  afterAll(() => pool.end());
  const now = () => suite.nowMs;
  const suite: InboxSuite = {
    get pool() {
      return pool;
    },
    nowMs: 0,
    inbox: (handlers, changes = {}) => new FactInbox({ pool }, handlers, { ...SETTINGS, now, ...changes }),
    deadLetters: (handlers) => new DeadLetters({ pool }, handlers, { schema: 'consumer', now }),
    noted: async (handler = 'notes') => {
      const { rows } = await pool.query<{ fact: string }>(
        `select bucket || '-' || sequence as fact from consumer.notes where handler = $1 order by note_id`,
        [handler],
      );
      return rows.map((row) => row.fact);
    },
  };
  return suite;
}

/** A handler that writes one row a fact: the rows are its effect. */
export function noting(name = 'notes'): FactHandler {
  return {
    name,
    apply: async (transaction, facts) => {
      for (const { bucket, sequence } of facts) {
        await transaction.query(
          'insert into consumer.notes (handler, bucket, sequence) values ($1, $2, $3)',
          [name, bucket, sequence],
        );
      }
    },
  };
}

/** A handler that notes, and then fails on certain facts. */
export function failingOn(
  isBad: (sequence: bigint, bucket: number) => boolean,
  name = 'failing',
): FactHandler {
  const notes = noting(name);
  return {
    name,
    apply: async (transaction, facts, afterCommit) => {
      await notes.apply(transaction, facts, afterCommit);
      const bad = facts.find(({ sequence, bucket }) => isBad(sequence, bucket));
      if (bad !== undefined) throw new TypeError(`cannot digest ${bad.bucket}-${bad.sequence}`);
    },
  };
}
