import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CheckGate } from '../../src/application/account-check/check-gate.js';
import { CheckPace } from '../../src/application/account-check/check-pace.js';
import { Clock } from '../../src/application/clock.port.js';
import { isReadRefusal } from '../../src/application/read-refusal.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';
import { composeLedger } from '../../src/ledger.composition.js';
import { pageByPage } from '../support/check-paces.js';
import { granted } from '../support/granted.js';
import { useReconciliation } from '../support/use-reconciliation.js';

const BY = { performedBy: 'olga', reason: 'month end' };
/** Three pages of 2,000. */
const ENTRIES = 4_500;
const STEPS_MAX = 100;

/** A clock on which each look at it takes long. */
class SlowClock extends Clock {
  private ms = 0;
  override nowMs(): number {
    return (this.ms += 6_000);
  }
}

describe('checks of long chains', () => {
  const running = useReconciliation();
  const { suite } = running;

  beforeAll(async () => {
    for (let count = 0; count < ENTRIES; count += 1) suite.builder.deposit('long', 2n);
    for (const account of ['ada', 'bob', 'eve']) suite.builder.deposit(account, 5n);
    await suite.builder.flush();
  });
  beforeEach(() => suite.sql('truncate ledger.incidents'));

  const verifying = (pace: CheckPace) => {
    const { database } = suite;
    const parts = { database, clock: new SystemClock(), incidents: suite.incidents.incidents, pace };
    return composeLedger(parts).verifyAccount;
  };
  const verify = (cursor: string, accountId = 'long') =>
    granted(verifying(pageByPage()).execute({ accountId, cursor }));
  const validate = (cursor: string, accountId = 'long') =>
    granted(running.sliced.validateAccount.execute({ accountId, cursor }));
  const reconcile = (cursor: string, accountId = 'long') =>
    granted(running.sliced.reconcileAccount.execute({ accountId, cursor, ...BY }));
  /** All steps, and what is done by others between one and the next. */
  const steps = async <Step extends { nextCursor: string }>(
    ask: (cursor: string) => Promise<Step>,
    between: (done: number) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Step[]> => {
    const taken: Step[] = [await ask('')];
    for (let last = taken[0]; last !== undefined && last.nextCursor !== ''; last = taken.at(-1)) {
      if (taken.length === STEPS_MAX) throw new Error('the check does not come to its end');
      await between(taken.length);
      taken.push(await ask(last.nextCursor));
    }
    return taken;
  };
  /** Changes an entry for as long as the work takes. */
  const tampered = async (sequence: number, work: () => Promise<void>): Promise<void> => {
    const change = (by: number) =>
      suite.sql(
        `update ledger.entries set amount = amount + $1 where account_id = 'long' and sequence = $2`,
        [by, sequence],
      );
    await change(1);
    await work().finally(() => change(-1));
  };
  const balance = async () => {
    const [row] = await suite.sql<{ balance: string }>(
      `select balance from balance.accounts where account_id = 'long'`,
    );
    return BigInt(row?.balance ?? 'missing');
  };
  const drift = () =>
    suite.sql(`update balance.accounts set balance = balance + 1 where account_id = 'long'`);

  describe('verification', () => {
    it('goes on where it stopped, and proves nothing before the end', async () => {
      const taken = await steps(verify);
      expect(taken.map(({ entriesChecked }) => entriesChecked)).toEqual([4_000n, 4_500n]);
      expect(taken.map(({ verification }) => verification?.valid)).toEqual([undefined, true]);
      expect(taken.at(-1)).toMatchObject({ verification: { entriesChecked: 4_500n }, entries: 4_500n });
    });

    it('finds what is wrong in a later step, at its place', async () => {
      await tampered(4_200, async () => {
        const taken = await steps(verify);
        expect(taken).toHaveLength(2);
        expect(taken.at(-1)?.verification).toMatchObject({
          valid: false,
          entriesChecked: 4_199n,
          firstInvalidEntry: { sequence: 4_200n },
        });
      });
      expect((await steps(verify)).at(-1)?.verification?.valid).toBe(true);
    });

    it('finds what is changed while it is under way', async () => {
      const first = await verify('');
      await tampered(4_300, async () => {
        const { verification } = await verify(first.nextCursor);
        expect(verification?.firstInvalidEntry?.sequence).toBe(4_300n);
      });
    });

    it('takes a tail that is cut off meanwhile for a fault', async () => {
      const first = await verify('');
      await suite.sql(`update balance.accounts set sequence = sequence - 600 where account_id = 'long'`);
      expect((await verify(first.nextCursor)).verification).toMatchObject({ valid: false });
      await suite.sql(`update balance.accounts set sequence = sequence + 600 where account_id = 'long'`);
      expect((await verify(first.nextCursor)).verification).toMatchObject({ valid: true });
    });

    it('is not confused by what is posted meanwhile', async () => {
      const before = (await steps(verify)).at(-1)?.entries ?? 0n;
      const taken = await steps(verify, async () => {
        for (let count = 0; count < 10; count += 1) suite.builder.deposit('long', 2n);
        await suite.builder.flush();
      });
      const entriesChecked = before + 10n;
      expect(taken.at(-1)).toMatchObject({ verification: { valid: true, entriesChecked }, nextCursor: '' });
    });

    it('answers a short chain at once, also while many long ones are checked', async () => {
      const gate = new CheckGate();
      const ends: (() => void)[] = [];
      const others = Array.from({ length: 9 }, () =>
        gate.run(() => new Promise<void>((resolve) => ends.push(resolve))),
      );
      const handler = verifying(new CheckPace(gate, new SystemClock(), 0));
      expect(await handler.execute({ accountId: 'long', cursor: '' })).toMatchObject({
        kind: 'refusal',
        code: 'RATE_LIMITED',
      });
      const short = await granted(handler.execute({ accountId: 'ada', cursor: '' }));
      expect(short).toMatchObject({ verification: { valid: true, entriesChecked: 1n }, nextCursor: '' });
      while (gate.load.underWay > 0) {
        for (const end of ends.splice(0)) end();
        await Promise.resolve();
      }
      await Promise.all(others);
    });

    it('answers who cannot go on whole, or not at all', async () => {
      const whole = await granted(verifying(pageByPage()).execute({ accountId: 'long' }));
      expect(whole).toMatchObject({ verification: { valid: true }, nextCursor: '' });
      const late = verifying(new CheckPace(new CheckGate(), new SlowClock(), 0));
      const refusal = await late.execute({ accountId: 'long' });
      expect(refusal).toMatchObject({ kind: 'refusal', code: 'UNAVAILABLE' });
    });

    it('goes on with no cursor of another account or check', async () => {
      const { nextCursor: cursor } = await verify('');
      const refusal = { kind: 'refusal', code: 'INVALID_CURSOR' };
      const handler = verifying(pageByPage());
      expect(await handler.execute({ accountId: 'ada', cursor })).toMatchObject(refusal);
      expect(await handler.execute({ accountId: 'long', cursor: 'bm9uZQ' })).toMatchObject(refusal);
      const { validateAccount, reconcileAccount } = running.sliced;
      expect(await validateAccount.execute({ accountId: 'long', cursor })).toMatchObject(refusal);
      expect(await reconcileAccount.execute({ accountId: 'long', cursor, ...BY })).toMatchObject(refusal);
    });
  });

  describe('validation', () => {
    it('says of a chain at its end what it says in one step', async () => {
      const taken = await steps(validate);
      expect(taken.length).toBeGreaterThan(1);
      const accountId = 'long';
      const whole = await granted(running.reconciliation.validateAccount.execute({ accountId }));
      expect(taken.flatMap(({ validation }) => validation.chains)).toEqual(whole.validation.chains);
      const { lastEntryBalance, sumOfEntries } = whole.validation.chains[0] ?? {};
      expect(sumOfEntries).toBe(lastEntryBalance);
      expect(whole.validation.valid).toBe(true);
    });

    it('adds up all entries, also behind the first that is wrong', async () => {
      const right = await balance();
      await tampered(2_100, async () => {
        const chains = (await steps(validate)).flatMap(({ validation }) => validation.chains);
        expect(chains).toMatchObject([{ chainValid: false, sumOfEntries: right + 1n }]);
        expect(chains[0]?.faults).toContainEqual(expect.stringMatching(/^entry 2100: /));
      });
    });

    it('finishes each chain of an account that has several once', async () => {
      const shared = (cursor: string) => validate(cursor, '@world/CZK');
      const taken = await steps(shared);
      const buckets = taken.flatMap(({ validation }) => validation.chains.map(({ bucket }) => bucket));
      const rows = await suite.sql<{ bucket: number }>(
        `select bucket from balance.accounts where account_id = '@world/CZK' order by bucket`,
      );
      expect(rows.length).toBeGreaterThan(1);
      expect(buckets).toEqual(rows.map(({ bucket }) => bucket));
      expect(taken.every(({ validation }) => validation.valid)).toBe(true);
    });
  });

  describe('reconciliation', () => {
    it('restores at the end of the proof, to what the ledger says by then', async () => {
      const right = await balance();
      await drift();
      const taken = await steps(reconcile);
      const repaired = taken.map((step) => step.repaired);
      expect(repaired.indexOf(true)).toBe(taken.length - 1);
      expect(taken.at(-1)).toMatchObject({ before: { valid: false }, after: { valid: true } });
      expect(await balance()).toBe(right);
      const taking = { limit: 0, cursor: '', type: 'drift', status: '', accountId: 'long' };
      const { incidents } = await granted(running.reconciliation.listIncidents.execute(taking));
      expect(incidents).toMatchObject([{ resolution: 'repaired' }]);
    });

    it('takes no drift for real that was over before the end', async () => {
      await drift();
      const right = (await balance()) - 1n;
      const taken = await steps(reconcile, async (done) => {
        if (done === 1)
          await suite.sql(`update balance.accounts set balance = balance - 1 where account_id = 'long'`);
      });
      expect(taken.some(({ repaired }) => repaired)).toBe(false);
      expect(await balance()).toBe(right);
    });

    it('changes nothing where the chain does not hold, however late that shows', async () => {
      await drift();
      const wrong = await balance();
      await tampered(4_400, async () => {
        let cursor = '';
        let refusal: unknown;
        for (let step = 0; step < STEPS_MAX && refusal === undefined; step += 1) {
          const answer = await running.sliced.reconcileAccount.execute({ accountId: 'long', cursor, ...BY });
          if (isReadRefusal(answer)) refusal = answer;
          else cursor = answer.nextCursor;
        }
        expect(refusal).toMatchObject({
          code: 'INTEGRITY_FAILURE',
          message: expect.stringMatching(/at entry 4400:/),
        });
        expect(await balance()).toBe(wrong);
      });
      await steps(reconcile);
      expect(await balance()).toBe(wrong - 1n);
    });

    it('takes a long drifted account of a walk over all in several calls', async () => {
      await drift();
      const wrong = await balance();
      const request = { limit: 0, repair: true, ...BY };
      const calls = [];
      let [cursor, unfinished] = ['', ''];
      do {
        const asked = { ...request, cursor, unfinished };
        const call = await granted(running.sliced.reconcileAccounts.execute(asked));
        calls.push(call);
        ({ nextCursor: cursor, unfinished } = call);
      } while (cursor !== '' && calls.length < STEPS_MAX);
      expect(calls.filter((call) => call.unfinished !== '').length).toBeGreaterThan(1);
      const rows = (await suite.sql('select from balance.accounts')).length;
      expect(calls.reduce((sum, { accountsChecked }) => sum + accountsChecked, 0)).toBe(rows);
      const drifted = calls.flatMap((call) => call.drifted);
      expect(drifted).toMatchObject([{ accountId: 'long', valid: false }]);
      expect(await balance()).toBe(wrong - 1n);
    });
  });
});
