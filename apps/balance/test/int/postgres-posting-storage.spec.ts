import { beforeAll, describe, expect, it } from '@jest/globals';
import { sqlStateOf } from '@steelyard/platform/postgres';
import type { PostgresPostingStorage } from '../../src/infrastructure/postgres/postgres-posting-storage.js';
import * as commands from '../support/commands.js';
import { decideOn } from '../support/decider.js';
import { describePostingStorage } from '../support/posting-storage.contract.js';
import { describeReservationStorage } from '../support/reservation-storage.contract.js';
import { testStorage } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

describe('PostgresPostingStorage', () => {
  const database = useBalanceDatabase();
  let storage: PostgresPostingStorage | undefined;
  const opened = (): PostgresPostingStorage => {
    storage ??= testStorage(database.connections);
    return storage;
  };

  describePostingStorage({ buckets: database.buckets, storage: opened });
  describeReservationStorage({ buckets: database.buckets, storage: opened });

  describe('the database itself', () => {
    beforeAll(async () => {
      const wanted = commands.submission(commands.deposit('guarded', 5n), database.buckets);
      await opened().write((await decideOn(opened(), [wanted])).writeSet);
    });

    const failureOf = async (statement: string): Promise<string | undefined> =>
      database.connections.pool.query(statement).then(
        () => 'was allowed',
        (error: unknown) => sqlStateOf(error),
      );

    it('names a transaction that does not balance with a state of its own', async () => {
      const wanted = commands.submission(commands.deposit('guarded', 5n), database.buckets);
      const { writeSet } = await decideOn(opened(), [wanted]);
      const [first, ...others] = writeSet.entries;
      const entries = first ? [{ ...first, amount: 6n }, ...others] : [];
      const failure: unknown = await opened()
        .write({ ...writeSet, entries })
        .catch((error: unknown) => error);
      expect(sqlStateOf(failure)).toBe('SY002');
    });

    it.each([
      'insert into ledger.entries select * from ledger.entries',
      'update ledger.entries set amount = 1',
      'delete from ledger.entries',
      'truncate ledger.entries',
      'insert into balance.facts select * from balance.facts',
      'update balance.facts set data = data',
      'delete from balance.facts',
      'truncate balance.facts',
      'insert into balance.accounts select * from balance.accounts',
      'update balance.accounts set balance = 1',
      'delete from balance.accounts',
      'truncate balance.accounts',
      'insert into balance.idempotency select * from balance.idempotency',
      'update balance.idempotency set outcome = outcome',
      'truncate balance.idempotency',
      'insert into balance.reversals values (1, 1, 1)',
      'update balance.deployment set buckets = 1',
      'delete from balance.heads',
      'drop table ledger.entries',
      'alter table balance.accounts drop constraint no_overdraft',
    ])('does not let the service "%s"', async (statement) => {
      // 42501: insufficient privilege
      expect(await failureOf(statement)).toBe('42501');
    });

    it('does not let the service move a head but through the function', async () => {
      expect(await failureOf('update balance.heads set sequence = sequence + 1')).toBe('42501');
    });
  });
});
