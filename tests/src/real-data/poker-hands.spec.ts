import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { openGate, type Gate } from './gate.js';
import { endingOf, entriesOf, readHands, type Ending, type HistoryHand } from './hand-history.js';
import { withRealData } from './real-data.js';
import { readMarks, readStoredBooks, type StoredBooks } from './replay-books.js';
import { replayRunner } from './replay-runner.js';

const HANDS = 187;
const ENTRIES = 10_052;
/** A replay of all of them sends more than this. */
const BYTES = 250_000;
/** Three replays, of which two are whole. */
const TEST_TIMEOUT_MS = 900_000;
const CHIPS_IN = '14878560';
const WON = '1031413';
const RAKE = '2921';
const CHIPS_OUT = '14875639';
const PLAYED_TO_THE_CHIP = {
  hands: HANDS,
  handsPlayed: HANDS,
  handsConserved: HANDS,
  tables: 37,
  players: 113,
  chipsIn: CHIPS_IN,
  contributed: '1069817',
  returned: '35483',
  won: WON,
  rake: RAKE,
  cashedOut: '13844226',
  chipsOut: CHIPS_OUT,
  winners: 197,
  winnersPaid: 197,
  cashOutsRefused: 0,
  supply: { deposited: CHIPS_IN, players: CHIPS_OUT, tables: '0', pots: '0', rake: RAKE, inflation: '0' },
  supplyConserved: true,
  deviations: 0,
};

withRealData('poker-hands.ndjson')('poker hands', (path) => {
  let hands: readonly HistoryHand[];
  let directory: string;

  beforeAll(async () => {
    hands = await readHands(path);
    directory = await mkdtemp(join(tmpdir(), 'steelyard-hands-'));
  });

  afterAll(() => rm(directory, { recursive: true }));

  /** Every player and every table of a run has what the arithmetic says, and the books hold together. */
  function expectEnding({ balances, faults, held, sum }: StoredBooks, run: string, ending: Ending): void {
    const stored = (ids: Iterable<string>, idOf: (id: string) => string): Map<string, number> =>
      new Map([...ids].map((id) => [id, Number(balances.get(idOf(id)))]));
    expect(stored(ending.balances.keys(), (player) => `${run}.${player}`)).toEqual(ending.balances);
    expect(stored(ending.escrows.keys(), (table) => `@table/${run}.${table}/CHIPS`)).toEqual(ending.escrows);
    expect({ faults, held, sum }).toEqual({ faults: [], held: 0n, sum: 0n });
  }

  const honestEnding = (): Ending => endingOf(hands, { twice: false, isCovered: () => true });

  describe('in one piece', () => {
    const database = useDatabase();
    let balance: RunningApp;
    const replay = replayRunner(
      () => directory,
      () => balance.grpcTarget ?? '',
    );

    beforeAll(async () => {
      balance = await startApp('balance', { DATABASE_URL: database.url });
    });

    afterAll(() => balance.stop());

    it('are played to the chip', async () => {
      const { exitCode, output, errors, report } = await replay.run(path, ['--run', 'honest']);
      expect({ exitCode, errors: exitCode === 0 ? '' : `${output}${errors}` }).toEqual({
        exitCode: 0,
        errors: '',
      });
      expect(report).toMatchObject({ ...PLAYED_TO_THE_CHIP, handsReplayed: 0, commandsReplayed: 0 });
      expect(output).toMatch(/^chips in +14,878,560/m);
      expect(output).toMatch(/^rake +2,921/m);
      expect(output).toMatch(/^chips out +14,875,639/m);
      expect(output).toMatch(/^supply +14,878,560 {2}conserved$/m);

      const books = await readStoredBooks(database.url);
      expectEnding(books, 'honest', honestEnding());
      expect(books.balances.get('@house/CHIPS')).toBe(2_921n);
      expect(books.balances.get('@world/CHIPS')).toBe(-14_878_560n);
      expect(books.marks).toMatchObject({ entries: BigInt(ENTRIES), pots: BigInt(HANDS) });
      expect(entriesOf(hands)).toBe(ENTRIES);
    });

    it('move nothing when they are played again', async () => {
      const before = await readStoredBooks(database.url);
      const { exitCode, output, report } = await replay.run(path, ['--run', 'honest']);
      expect(exitCode).toBe(0);
      expect(report).toMatchObject({ ...PLAYED_TO_THE_CHIP, handsReplayed: HANDS, commandsNew: 0 });
      expect(output).toContain('everything was replayed, nothing moved');
      expect(await readStoredBooks(database.url)).toEqual(before);
    });

    it('show under observe exactly the chips that a double count creates', async () => {
      const args = ['--run', 'broken', '--double-count', '--escrow-policy', 'observe'];
      const { exitCode, output, report } = await replay.run(path, args);
      expect(report).toMatchObject({
        run: 'broken-twice-observe',
        chipsIn: CHIPS_IN,
        chipsOut: '15907052',
        handsConserved: 0,
        cashOutsRefused: 0,
        supply: { players: '15907052', tables: `-${WON}`, pots: '0', rake: RAKE, inflation: WON },
        supplyConserved: true,
        deviations: 0,
      });
      expect(output).toMatch(/^chips created +1,031,413/m);
      expect(exitCode).toBe(0);
      const ending = endingOf(hands, { twice: true, isCovered: () => true });
      expectEnding(await readStoredBooks(database.url), 'broken-twice-observe', ending);
    });

    it('are refused under strict what a double count would create', async () => {
      const ending = endingOf(hands, { twice: true, isCovered: (escrow, amount) => escrow >= amount });
      const args = ['--run', 'broken', '--double-count', '--escrow-policy', 'strict'];
      const { exitCode, output, report } = await replay.run(path, args);
      expect(report).toMatchObject({
        run: 'broken-twice-strict',
        chipsIn: CHIPS_IN,
        cashOuts: 1_115,
        cashOutsRefused: 67,
        supply: { tables: '5099334', pots: '0', rake: RAKE, inflation: '0' },
        supplyConserved: true,
        deviations: 0,
      });
      expect(ending.refused).toBe(67);
      expect(output).toMatch(/^cash-outs refused +67 {2}of 1,115: INSUFFICIENT_ESCROW/m);
      expect(exitCode).toBe(0);
      const before = await readStoredBooks(database.url);
      expectEnding(before, 'broken-twice-strict', ending);

      const again = await replay.run(path, args);
      expect(again).toMatchObject({ exitCode: 0, report: { cashOutsRefused: 67, commandsNew: 0 } });
      expect(await readStoredBooks(database.url)).toEqual(before);
    });
  });

  describe('with kill -9 in the middle', () => {
    const database = useDatabase();
    let balance: RunningApp;
    let gate: Gate | undefined;
    const replay = replayRunner(
      () => directory,
      () => gate?.address ?? balance.grpcTarget ?? '',
    );

    beforeAll(async () => {
      balance = await startApp('balance', { DATABASE_URL: database.url });
    });

    afterAll(async () => {
      gate?.close();
      await balance.stop();
    });

    /** Replays from now on can send so much, until they are let. */
    async function letPass(bytes: number): Promise<Gate> {
      gate?.close();
      gate = await openGate(Number(balance.env['BALANCE_GRPC_PORT']), bytes);
      return gate;
    }

    it(
      'end as without',
      async () => {
        const args = ['--run', 'killed', '--in-flight', '2', '--retry-for', '5m'];
        const first = await letPass(BYTES / 8);
        const killed = replay.start(path, args);
        await first.shut;
        killed.kill('SIGKILL');
        expect((await killed.finished).exitCode).toBeNull();
        expect((await readMarks(database.url))['entries']).toBeLessThan(BigInt(ENTRIES));

        const second = await letPass(BYTES / 2);
        const resumed = replay.run(path, args);
        await second.shut;
        await balance.kill9();
        expect((await readMarks(database.url))['entries']).toBeLessThan(BigInt(ENTRIES));
        second.open();
        await balance.restart();
        const { exitCode, output, errors, report } = await resumed;
        expect({ exitCode, errors: exitCode === 0 ? '' : `${output}${errors}` }).toEqual({
          exitCode: 0,
          errors: '',
        });
        expect(report).toMatchObject(PLAYED_TO_THE_CHIP);

        const books = await readStoredBooks(database.url);
        expectEnding(books, 'killed', honestEnding());
        expect(books.marks).toMatchObject({ entries: BigInt(ENTRIES), pots: BigInt(HANDS) });
        const again = await replay.run(path, args);
        expect(again).toMatchObject({ exitCode: 0, report: { ...PLAYED_TO_THE_CHIP, commandsNew: 0 } });
        expect(await readStoredBooks(database.url)).toEqual(books);
      },
      TEST_TIMEOUT_MS,
    );
  });
});
