import { beforeAll, describe, expect, it } from '@jest/globals';
import type { WalkContinued } from '../../src/application/continue-walk/continue-walk.handler.js';
import { ALL_THE_TIME_MS, useLedger, type Ledger } from '../support/use-ledger.js';

/** Ten statements' worth: a chain that no piece without time can finish. */
const LONG_CHAIN = 5_000n;
/** A walk without a time budget takes one statement a piece; more pieces mean that it does not move. */
const PIECES_MAX = 200;

describe('the background walk', () => {
  const suite = useLedger();

  beforeAll(async () => {
    const { builder } = suite;
    for (let index = 0n; index < LONG_CHAIN; index += 1n) builder.deposit('long', 1n);
    builder.transfer({ from: 'long', to: 'other', amount: 10n });
    await builder.flush();
  });

  it('stops in the middle of a long chain, and another process goes on there', async () => {
    const pieces: WalkContinued[] = [];
    for (let index = 0; index < PIECES_MAX && pieces.at(-1)?.isWalkComplete !== true; index += 1) {
      // As after a restart: nothing is remembered but what the database holds.
      pieces.push(await suite.another().continueWalk.execute({ budgetMs: 0, cycleMs: 0 }));
    }
    expect(pieces.at(-1)?.isWalkComplete).toBe(true);
    expect(pieces.filter(({ entriesChecked }) => entriesChecked === 1_000n).length).toBeGreaterThan(2);
    const entries = pieces.reduce((sum, { entriesChecked }) => sum + entriesChecked, 0n);
    expect(entries).toBe(2n * LONG_CHAIN + 2n);
    expect(pieces.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('says up to when the ledger is verified', async () => {
    const before = Date.now();
    await completeWalk(suite.ledger);
    await completeWalk(suite.ledger);
    const status = await suite.ledger.getStatus.execute();
    expect(Number(status.verifiedUpToMs)).toBeGreaterThanOrEqual(before);
    expect(status).toMatchObject({ invalidAccounts: 0n, driftedAccounts: 0n, walkAccountsChecked: 0n });
  });

  it('rests until its cycle is over', async () => {
    await completeWalk(suite.ledger);
    const resting = await suite.ledger.continueWalk.execute({
      budgetMs: ALL_THE_TIME_MS,
      cycleMs: 3_600_000,
    });
    expect(resting).toMatchObject({ isMine: false, accountsChecked: 0 });
    const before = Date.now();
    await suite.ledger.continueWalk.execute({ budgetMs: 0, cycleMs: 0 });
    const [walk] = await suite.sql('select started_at_ms::float8 as at from ledger.verification_walk');
    expect(walk?.['at']).toBeGreaterThanOrEqual(before);
  });

  it('is done by one process at a time', async () => {
    const take = () =>
      Promise.all(
        Array.from({ length: 3 }, () => suite.another().continueWalk.execute({ budgetMs: 0, cycleMs: 0 })),
      );
    // As one does that is in the middle of a piece.
    await suite.sql('begin');
    await suite.sql('select from ledger.verification_walk for update');
    const turnedAway = await take();
    await suite.sql('commit');
    expect(turnedAway.map(({ isMine, entriesChecked }) => [isMine, entriesChecked])).toEqual(
      Array.from({ length: 3 }, () => [false, 0n]),
    );
    expect((await take()).some(({ isMine }) => isMine)).toBe(true);
  });

  it('counts invalid and drifted accounts until they are found right', async () => {
    await completeWalk(suite.ledger);
    await suite.sql(`update balance.accounts set balance = balance + 7 where account_id = 'other'`);
    await completeWalk(suite.ledger);
    expect(await suite.ledger.getStatus.execute()).toMatchObject({
      invalidAccounts: 1n,
      driftedAccounts: 1n,
    });
    await suite.sql(`update balance.accounts set balance = balance - 7 where account_id = 'other'`);
    await suite.ledger.verifyNewFacts.execute({ budgetMs: 0 });
    await suite.ledger.continueReconciliation.execute({
      mode: 'report',
      budgetMs: ALL_THE_TIME_MS,
      cycleMs: 0,
    });
    expect(await suite.ledger.getStatus.execute()).toMatchObject({
      invalidAccounts: 0n,
      driftedAccounts: 0n,
    });
  });

  it('names the first bad entry deep in a long chain once, and goes on', async () => {
    await suite.sql(
      `update ledger.entries set amount = amount + 1 where account_id = 'long' and sequence = 3333`,
    );
    const findings = [];
    for (let index = 0; index < PIECES_MAX; index += 1) {
      const piece = await suite.another().continueWalk.execute({ budgetMs: 0, cycleMs: 0 });
      findings.push(...piece.findings);
      if (piece.isWalkComplete) break;
    }
    const ofChain = findings.filter(({ factSequence }) => factSequence === 0n);
    expect(ofChain).toMatchObject([{ accountId: 'long', sequence: 3_333n }]);
    const ofFacts = findings.filter(({ factSequence }) => factSequence !== 0n);
    expect(ofFacts).toMatchObject([{ accountId: 'long', reason: expect.stringMatching(/sum to zero/) }]);
    expect(await suite.ledger.getStatus.execute()).toMatchObject({
      invalidAccounts: 1n,
      driftedAccounts: 0n,
    });
  });

  async function completeWalk({ continueWalk }: Ledger): Promise<void> {
    for (let index = 0; index < PIECES_MAX; index += 1) {
      if ((await continueWalk.execute({ budgetMs: ALL_THE_TIME_MS, cycleMs: 0 })).isWalkComplete) return;
    }
    throw new Error('the walk does not come to an end');
  }
});
