import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/outage';
import { eventually } from '@steelyard/testing/wait';
import { isReadRefusal } from '../../src/application/read-refusal.js';
import type { ReconciliationStep } from '../../src/application/continue-reconciliation/continue-reconciliation.handler.js';
import { granted } from '../support/granted.js';
import { ALL_THE_TIME_MS } from '../support/use-ledger.js';
import { useReconciliation } from '../support/use-reconciliation.js';

const BY = { performedBy: 'olga', reason: 'month end' };
/** A round over the few accounts of these tests takes one piece a bucket at most; more means that it does not move. */
const PIECES_MAX = 50;

describe('reconciliation', () => {
  const running = useReconciliation();
  const { suite } = running;
  const use = () => running.reconciliation;

  beforeAll(async () => {
    const { builder } = suite;
    for (const account of ['alice', 'bob', 'carol', 'dora'])
      for (const amount of [100n, 50n, -30n]) builder.deposit(account, amount);
    builder.open('empty');
    await builder.flush();
  });
  beforeEach(async () => {
    await round();
    await suite.sql('truncate ledger.incidents');
  });

  const drift = (account: string, change: string) =>
    suite.sql(`update balance.accounts set ${change} where account_id = $1`, [account]);
  const hold = (account: string, amount: number) =>
    suite.sql(
      `insert into balance.reservations
         (sequence, amount, captured, created_at_ms, expires_at_ms, balance_after, available_after, bucket, status,
          target_kind, account_id, currency, metadata)
       values (999, $2, 0, 1, 9999999999999, 0, 0, $3, 1, 1, $1, 'CZK', '{}')`,
      [account, amount, suite.builder.bucketOf(account)],
    );
  const validate = async (accountId: string) =>
    (await granted(use().validateAccount.execute({ accountId }))).validation;
  const reconcile = (accountId: string) => use().reconcileAccount.execute({ accountId, ...BY });
  const piece = (mode: 'report' | 'repair' = 'repair', budgetMs = ALL_THE_TIME_MS) =>
    use().continueReconciliation.execute({ mode, budgetMs, cycleMs: 0 });
  const round = async (mode: 'report' | 'repair' = 'repair', budgetMs?: number) => {
    const steps: ReconciliationStep[] = [];
    while (steps.at(-1)?.isRoundComplete !== true && steps.length < PIECES_MAX)
      steps.push(await piece(mode, budgetMs));
    if (steps.at(-1)?.isRoundComplete !== true) throw new Error('the round does not come to an end');
    return steps;
  };
  const incidents = async (filter: { type?: string; status?: string } = {}) => {
    const request = { limit: 0, cursor: '', type: '', status: '', accountId: '', ...filter };
    return (await granted(use().listIncidents.execute(request))).incidents;
  };
  /** Removes the last entry of three; returns what puts it back. */
  const cutOff = async (account: string) => {
    const [removed] = await suite.sql<{ row: string }>(
      `delete from ledger.entries as entry where account_id = $1 and sequence = 3 returning to_jsonb(entry)::text as row`,
      [account],
    );
    return () =>
      suite.sql(
        `insert into ledger.entries select * from jsonb_populate_record(null::ledger.entries, $1::jsonb)`,
        [removed?.row],
      );
  };
  const verifyNewFacts = () => suite.ledger.verifyNewFacts.execute({ budgetMs: ALL_THE_TIME_MS });
  const balanceOf = async (account: string) => {
    const [row] = await suite.sql<{ balance: string }>(
      'select balance from balance.accounts where account_id = $1',
      [account],
    );
    return BigInt(row?.balance ?? 'missing');
  };

  describe('of one account', () => {
    it('finds nothing where everything agrees', async () => {
      const validation = await validate('alice');
      expect(validation).toEqual({
        accountId: 'alice',
        currency: 'CZK',
        valid: true,
        chains: [
          {
            bucket: suite.builder.bucketOf('alice'),
            storedBalance: 120n,
            lastEntryBalance: 120n,
            sumOfEntries: 120n,
            storedHeld: 0n,
            sumOfOpenReservations: 0n,
            storedSequence: 3n,
            lastSequence: 3n,
            chainValid: true,
            faults: [],
          },
        ],
      });
      expect((await validate('empty')).valid).toBe(true);
      expect(await validate('@world/CZK')).toMatchObject({ valid: true });
    });

    it.each([
      ['balance = balance + 7', { storedBalance: 127n, lastEntryBalance: 120n }, /balance/],
      ['held = 5', { storedHeld: 5n, sumOfOpenReservations: 0n }, /held/],
      ['sequence = 4', { storedSequence: 4n, lastSequence: 3n }, /sequence/],
      ['next_expiry_at_ms = 5', {}, /expiry/],
    ])('names what does not agree after "%s", and restores it', async (change, found, fault) => {
      await drift('bob', change);
      const validation = await validate('bob');
      expect(validation).toMatchObject({ valid: false, chains: [{ ...found, chainValid: true }] });
      expect(validation.chains[0]?.faults).toEqual([expect.stringMatching(fault)]);

      const reconciled = await granted(reconcile('bob'));
      expect(reconciled).toMatchObject({ repaired: true, before: { valid: false }, after: { valid: true } });
      expect(await validate('bob')).toEqual(reconciled.after);
    });

    it('counts open reservations', async () => {
      await hold('carol', 40);
      expect((await validate('carol')).chains[0]).toMatchObject({
        storedHeld: 0n,
        sumOfOpenReservations: 40n,
      });
      expect((await granted(reconcile('carol'))).after.chains[0]).toMatchObject({ storedHeld: 40n });
      await suite.sql('delete from balance.reservations');
      expect((await granted(reconcile('carol'))).after.chains[0]).toMatchObject({ storedHeld: 0n });
    });

    it('restores one chain of an account that has several', async () => {
      await suite.sql(
        `update balance.accounts set balance = balance - 9 where account_id = '@world/CZK' and bucket = $1`,
        [suite.builder.bucketOf('dora')],
      );
      const { before, after } = await granted(reconcile('@world/CZK'));
      expect(before.chains.filter(({ faults }) => faults.length > 0)).toMatchObject([
        { bucket: suite.builder.bucketOf('dora') },
      ]);
      expect(after.valid).toBe(true);
    });

    it('reports what was expected and found, and that it was repaired', async () => {
      await drift('alice', 'balance = 1');
      await reconcile('alice');
      const [incident] = await incidents();
      expect(incident).toMatchObject({ type: 'drift', accountId: 'alice', resolution: 'repaired' });
      expect(JSON.parse(incident?.expectedJson ?? '')).toMatchObject({
        balance: '120',
        held: '0',
        sequence: '3',
      });
      expect(JSON.parse(incident?.foundJson ?? '')).toMatchObject({ balance: '1' });
      const [fact] = await suite.sql<{ data: string }>(
        `select data from balance.facts where kind = 104 order by committed_at_ms desc, sequence desc limit 1`,
      );
      expect(JSON.parse(fact?.data ?? '')).toMatchObject({ accountId: 'alice', ...BY });
    });

    it('does nothing where everything agrees', async () => {
      const { repaired, before, after } = await granted(reconcile('alice'));
      expect([repaired, after]).toEqual([false, before]);
      expect(await incidents()).toEqual([]);
    });

    it.each([
      ['an account that does not exist', { accountId: 'nobody', ...BY }, 'ACCOUNT_NOT_FOUND'],
      ['a malformed id', { accountId: 'a b', ...BY }, 'INVALID_ACCOUNT_ID'],
      ['no reason', { accountId: 'alice', performedBy: 'olga', reason: '' }, 'INVALID_REQUEST'],
      ['nobody', { accountId: 'alice', performedBy: '', reason: 'x' }, 'INVALID_REQUEST'],
    ])('refuses %s', async (_what, request, code) => {
      expect(await use().reconcileAccount.execute(request)).toMatchObject({ kind: 'refusal', code });
    });

    it('changes nothing where the chain does not hold, and says where', async () => {
      await drift('dora', 'balance = 0');
      const entry = `account_id = 'dora' and sequence = 2`;
      await suite.sql(`update ledger.entries set amount = amount + 1 where ${entry}`);
      const validation = await validate('dora');
      expect(validation).toMatchObject({ valid: false, chains: [{ chainValid: false, sumOfEntries: 121n }] });
      const refusal = await reconcile('dora');
      expect(isReadRefusal(refusal) && refusal.code).toBe('INTEGRITY_FAILURE');
      expect(await balanceOf('dora')).toBe(0n);
      expect(await incidents({ type: 'integrity_failure' })).toMatchObject([
        { accountId: 'dora', sequence: 2n },
      ]);
      expect(await incidents({ type: 'drift', status: 'open' })).toMatchObject([{ accountId: 'dora' }]);
      await suite.sql(`update ledger.entries set amount = amount - 1 where ${entry}`);
      expect((await granted(reconcile('dora'))).after.valid).toBe(true);
      expect(await incidents({ status: 'open' })).toEqual([]);
    });

    it('changes nothing where entries were removed from the end', async () => {
      const putBack = await cutOff('dora');
      const refusal = await reconcile('dora');
      expect(isReadRefusal(refusal) && refusal.code).toBe('INTEGRITY_FAILURE');
      expect(await balanceOf('dora')).toBe(120n);
      await putBack();
      expect((await validate('dora')).valid).toBe(true);
    });

    it('finds a chain wrong that ends before where it was proven to, with its account set back', async () => {
      await verifyNewFacts();
      const putBack = await cutOff('dora');
      const setTo = (sequence: number) =>
        suite.sql(
          `update balance.accounts as account
           set sequence = entry.sequence, balance = entry.balance_after, checksum = entry.checksum
           from ledger.entries as entry
           where account.account_id = 'dora' and entry.account_id = 'dora' and entry.sequence = $1`,
          [sequence],
        );
      await setTo(2);
      expect((await validate('dora')).chains).toMatchObject([
        { chainValid: false, faults: [expect.stringMatching(/entry 3, which was proven, is missing/)] },
      ]);
      await putBack();
      await setTo(3);
      expect((await validate('dora')).valid).toBe(true);
    });

    it('cannot bring back a row that is gone, and says so', async () => {
      const [removed] = await suite.sql<{ row: string }>(
        `delete from balance.accounts as account where account_id = 'dora' returning to_jsonb(account)::text as row`,
      );
      expect(await validate('dora')).toMatchObject({
        valid: false,
        chains: [{ chainValid: true, lastSequence: 3n }],
      });
      const refusal = await reconcile('dora');
      expect(isReadRefusal(refusal) && refusal.code).toBe('INTEGRITY_FAILURE');
      await suite.sql(
        `insert into balance.accounts select * from jsonb_populate_record(null::balance.accounts, $1::jsonb)`,
        [removed?.row],
      );
      expect((await granted(reconcile('dora'))).after.valid).toBe(true);
    });
  });

  describe('of all accounts, call by call', () => {
    const walk = async (repair: boolean, limit = 2) => {
      const calls = [];
      let cursor = '';
      do {
        const call = await granted(use().reconcileAccounts.execute({ cursor, limit, repair, ...BY }));
        calls.push(call);
        cursor = call.nextCursor;
      } while (cursor !== '' && calls.length < PIECES_MAX);
      return {
        checked: calls.reduce((sum, { accountsChecked }) => sum + accountsChecked, 0),
        drifted: calls.flatMap((call) => call.drifted.map(({ accountId }) => accountId)).sort(),
        repaired: calls.reduce((sum, call) => sum + call.repaired, 0),
      };
    };
    const accounts = async () => (await suite.sql('select from balance.accounts')).length;

    it('only looks when it is not asked to repair', async () => {
      await drift('alice', 'balance = 1');
      await drift('carol', 'held = 1');
      expect(await walk(false)).toEqual({
        checked: await accounts(),
        drifted: ['alice', 'carol'],
        repaired: 0,
      });
      expect(await balanceOf('alice')).toBe(1n);
      expect(await incidents({ status: 'open' })).toHaveLength(2);
      expect(await walk(true)).toEqual({
        checked: await accounts(),
        drifted: ['alice', 'carol'],
        repaired: 2,
      });
      expect(await walk(true, 500)).toEqual({ checked: await accounts(), drifted: [], repaired: 0 });
      expect(await incidents({ status: 'open' })).toEqual([]);
    });

    it.each([
      [
        'a cursor of another list',
        { cursor: 'bm9uc2Vuc2U', limit: 0, repair: false, ...BY },
        'INVALID_CURSOR',
      ],
      ['too many at once', { cursor: '', limit: 1_001, repair: false, ...BY }, 'INVALID_REQUEST'],
      [
        'a repair without a reason',
        { cursor: '', limit: 0, repair: true, performedBy: 'olga', reason: '' },
        'INVALID_REQUEST',
      ],
    ])('refuses %s', async (_what, request, code) => {
      expect(await use().reconcileAccounts.execute(request)).toMatchObject({ kind: 'refusal', code });
    });
  });

  describe('in the background', () => {
    it('finds and repairs drift, one account a piece when there is no time for more', async () => {
      await drift('alice', 'balance = balance + 7');
      await drift('dora', 'balance = balance - 7');
      const steps = await round('repair', 0);
      expect(steps.length).toBeGreaterThan(4);
      expect(steps.reduce((sum, { drifted }) => sum + drifted, 0)).toBe(2);
      expect(steps.reduce((sum, { repaired }) => sum + repaired, 0)).toBe(2);
      expect([await balanceOf('alice'), await balanceOf('dora')]).toEqual([120n, 120n]);
      expect((await incidents()).map(({ resolution }) => resolution)).toEqual(['repaired', 'repaired']);
      expect(
        await suite.sql('select completed_drifted, completed_repaired from ledger.reconciliation_walk'),
      ).toEqual([{ completed_drifted: '2', completed_repaired: '2' }]);
    });

    it('reports only, when it is to report, and closes the incident when the account agrees again', async () => {
      await drift('alice', 'balance = balance + 7');
      await round('report');
      await round('report');
      expect(await balanceOf('alice')).toBe(127n);
      expect(await incidents({ status: 'open' })).toHaveLength(1);
      await drift('alice', 'balance = balance - 7');
      await round('report');
      expect((await incidents()).map(({ resolution }) => resolution)).toEqual(['no longer found']);
    });

    it('repairs what another check has reported without waiting for its round', async () => {
      await use().continueReconciliation.execute({
        mode: 'repair',
        budgetMs: ALL_THE_TIME_MS,
        cycleMs: 3_600_000,
      });
      await drift('carol', 'balance = 1');
      const [state] = await suite.sql<{ bucket: number }>(
        `select bucket from balance.accounts where account_id = 'carol'`,
      );
      await suite.incidents.incidents.report([
        {
          type: 'drift',
          bucket: state?.bucket ?? -1,
          accountId: 'carol',
          foundBy: 'ends',
          sequence: 0n,
          entryId: '',
          reason: 'the account does not say what its last entry says',
          expectedJson: '{}',
          foundJson: '{}',
        },
      ]);
      const step = await piece();
      expect(step).toMatchObject({ accountsChecked: 0, drifted: 1, repaired: 1 });
      expect(await balanceOf('carol')).toBe(120n);
      expect(await incidents()).toMatchObject([{ accountId: 'carol', resolution: 'repaired' }]);
      await suite.sql('update ledger.reconciliation_walk set started_at_ms = 0');
    });

    it('restores nothing to a chain that does not end where it was proven to', async () => {
      await verifyNewFacts();
      const putBack = await cutOff('dora');
      expect(await round()).toMatchObject([{ drifted: 1, repaired: 0, unrepaired: 1 }]);
      expect(await balanceOf('dora')).toBe(120n);
      const open = await incidents({ status: 'open' });
      expect(open.toSorted((a, b) => (a.type < b.type ? -1 : 1))).toMatchObject([
        { type: 'drift', accountId: 'dora', foundBy: 'reconciliation' },
        { type: 'integrity_failure', accountId: 'dora', foundBy: 'ends', sequence: 3n },
      ]);
      await putBack();
      await round();
      expect(await incidents({ status: 'open' })).toEqual([]);
    });

    it('says once what the balance app refuses to restore', async () => {
      await drift('bob', 'checksum = sha256(checksum)');
      await round();
      await round();
      expect(await incidents({ type: 'integrity_failure' })).toMatchObject([
        { accountId: 'bob', sequence: 0n, resolution: '' },
      ]);
      await suite.sql(
        `update balance.accounts as account set checksum = entry.checksum from ledger.entries as entry
         where account.account_id = 'bob' and entry.account_id = 'bob' and entry.sequence = account.sequence`,
      );
      await reconcile('bob');
      expect(await incidents({ status: 'open' })).toEqual([]);
    });

    it('is done by one process at a time', async () => {
      const checked = async () => (await Promise.all([piece(), piece()])).map((step) => step.accountsChecked);
      // As one does that is in the middle of a piece.
      await suite.sql('begin');
      await suite.sql('select from ledger.reconciliation_walk for update');
      const turnedAway = await checked();
      await suite.sql('commit');
      expect(turnedAway).toEqual([0, 0]);
      expect(Math.max(...(await checked()))).toBeGreaterThan(0);
    });

    it('goes on past what it cannot repair, and repairs it when the balance app is back', async () => {
      await drift('alice', 'balance = 1');
      await running.balance.kill9();
      const steps = await round('repair');
      expect(steps.reduce((sum, { unrepaired }) => sum + unrepaired, 0)).toBe(1);
      await expect(reconcile('alice')).rejects.toBeInstanceOf(OutageError);
      expect(await incidents({ status: 'open' })).toMatchObject([{ type: 'drift', accountId: 'alice' }]);
      await running.balance.restart();
      const repaired = async (): Promise<void> => {
        await round('repair');
        expect(await balanceOf('alice')).toBe(120n);
      };
      await eventually(repaired);
      expect(await incidents({ status: 'open' })).toEqual([]);
    });
  });
});
