import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { startBalance, type BalanceStack } from '../support/balance-stack.js';
import { openGate } from './gate.js';
import type { HistoryHand } from './hand-history.js';
import { readMarks } from './replay-books.js';
import { replayRunner } from './replay-runner.js';

/** Ann bets 40 and wins 57 against Bob, who calls; Cid's blind of 20 is lost; 3 are rake and 40 were not called. */
function hand(handId: string, table: string): HistoryHand {
  return {
    hand_id: handId,
    table,
    seats: [
      { seat: 1, player: 'ann', stack: 100 },
      { seat: 2, player: 'bob', stack: 20 },
      { seat: 3, player: 'cid', stack: 50 },
    ],
    contributions: [
      { seat: 3, player: 'cid', type: 'BLIND', amount: 20 },
      { seat: 1, player: 'ann', type: 'BET', amount: 60 },
      { seat: 2, player: 'bob', type: 'CALL', amount: 20 },
    ],
    returned: [{ seat: 1, player: 'ann', amount: 40 }],
    winners: [{ seat: 1, player: 'ann', amount: 57 }],
    total_pot: 60,
    rake: 3,
  };
}

describe('the replay-hands command', () => {
  const database = useDatabase();
  let balance: BalanceStack;
  let directory: string;
  const replay = replayRunner(
    () => directory,
    () => balance.app.grpcTarget ?? '',
  );

  beforeAll(async () => {
    balance = await startBalance(database.url);
    directory = await mkdtemp(join(tmpdir(), 'steelyard-replay-'));
  });

  afterAll(async () => {
    await balance.stop();
    await rm(directory, { recursive: true });
  });

  async function fileOf(name: string, hands: readonly HistoryHand[]): Promise<string> {
    const file = join(directory, `${name}.ndjson`);
    await writeFile(file, hands.map((one) => JSON.stringify(one)).join('\n'));
    return file;
  }

  async function execute(
    idempotencyKey: string,
    body: balanceV1.Command['body'],
  ): Promise<balanceV1.Outcome['result']> {
    const [outcome] = await balance.execute([{ idempotencyKey, atomicGroup: 0, dryRun: false, body }]);
    expect(outcome?.result).not.toMatchObject({ $case: 'refusal' });
    return outcome?.result;
  }

  const deposit = (accountId: string, amount: bigint): balanceV1.Command['body'] => ({
    $case: 'deposit',
    value: { accountId, amount, currency: '', details: undefined },
  });

  it('names a run after the content of the file, so that a copy moves nothing', async () => {
    const hands = [hand('h1', 't1'), hand('h2', 't1'), hand('h1', 't2')];
    const first = await replay.run(await fileOf('one', hands));
    expect(first).toMatchObject({
      exitCode: 0,
      report: { handsPlayed: 3, handsReplayed: 0, chipsOut: '501' },
    });
    const copy = await replay.run(await fileOf('copy', hands));
    expect(copy).toMatchObject({ exitCode: 0, report: { handsReplayed: 3, commandsNew: 0 } });
    const other = await replay.run(await fileOf('other', hands.slice(1)));
    expect(other).toMatchObject({ exitCode: 0, report: { handsPlayed: 2, handsReplayed: 0 } });
  });

  it('names the hand in whose pot there is a chip too many', async () => {
    await execute('seat-9', deposit('stranger', 5n));
    const held = await execute('hold-9', {
      $case: 'reserve',
      value: {
        accountId: 'stranger',
        amount: 5n,
        timeoutSeconds: 86_400,
        target: { $case: 'tableId', value: 'odd.t1' },
        reference: '',
        details: undefined,
      },
    });
    const reservationId = held?.$case === 'reservation' ? held.value.reservationId : '';
    await execute('', {
      $case: 'commitReservation',
      value: { reservationId, amount: undefined, details: undefined },
    });
    await execute('odd-chip', {
      $case: 'contribute',
      value: {
        tableId: 'odd.t1',
        handId: 'h2',
        seatId: 9,
        accountId: 'stranger',
        amount: 5n,
        contributionType: 'BET',
        currency: '',
        details: undefined,
      },
    });
    const { exitCode, output, report } = await replay.run(
      await fileOf('odd', [hand('h1', 't1'), hand('h2', 't1')]),
      ['--run', 'odd'],
    );
    expect(exitCode).toBe(1);
    expect(output).toContain('hand h2 at t1: pot after contribution 1: expected 20, found 25');
    expect(output).toContain('hand h2 at t1: winnings of seat 1: expected 57, found 62');
    expect(output).not.toContain('  hand h1');
    expect(report).toMatchObject({ handsConserved: 1, winners: 2, winnersPaid: 1 });
  });

  it('finds the chip that somebody has taken from a player', async () => {
    const file = await fileOf('theft', [hand('h1', 't1')]);
    expect(await replay.run(file, ['--run', 'theft'])).toMatchObject({ exitCode: 0 });
    await execute('take', {
      $case: 'withdraw',
      value: { accountId: 'theft.ann', amount: 1n, currency: '', details: undefined },
    });
    const { exitCode, output, report } = await replay.run(file, ['--run', 'theft']);
    expect(exitCode).toBe(1);
    expect(output).toContain('balance of theft.ann: expected 137, found 136');
    expect(report).toMatchObject({ deviations: 1, supplyConserved: false });
  });

  it('names a hand that cannot be played and plays the others', async () => {
    await execute('freeze-me', deposit('frozen.bob', 1n));
    await execute('', {
      $case: 'setAccountStatus',
      value: { accountId: 'frozen.bob', status: 'frozen', performedBy: '', reason: '' },
    });
    const file = await fileOf('frozen', [hand('h1', 't1'), { ...hand('h2', 't2'), ...withoutBob() }]);
    const { exitCode, output, report } = await replay.run(file, ['--run', 'frozen']);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/hand h1 at t1: .* was refused: ACCOUNT_FROZEN/);
    expect(output).not.toContain('hand h2');
    expect(report).toMatchObject({ handsPlayed: 2, handsConserved: 1 });
  });

  it('finishes the hands under way on Ctrl-C, and the same command plays the rest', async () => {
    const hands = Array.from({ length: 120 }, (_, index) => hand(`h${index}`, `t${index % 3}`));
    const file = await fileOf('long', hands);
    const gate = await openGate(Number(balance.app.env['BALANCE_GRPC_PORT']), 20_000);
    const gated = replayRunner(
      () => directory,
      () => gate.address,
    );
    const run = gated.start(file, ['--in-flight', '3']);
    await gate.shut;
    run.kill('SIGINT');
    gate.open();
    const { exitCode, output } = await run.finished;
    gate.close();
    expect(exitCode).toBe(1);
    expect(output).toContain('stopped: interrupted: run the same command again to finish');
    const played = Number(/^played +([0-9]+)/m.exec(output)?.[1]);
    expect(output).toMatch(new RegExp(`^hands conserved +${played} `, 'm'));
    expect(played).toBeLessThan(120);

    const rest = await replay.run(file);
    expect(rest).toMatchObject({
      exitCode: 0,
      report: { handsPlayed: 120, handsReplayed: played, deviations: 0, supplyConserved: true },
    });
  });

  it('plays nothing of a file with a line that is no hand, and names the line', async () => {
    const marks = await readMarks(database.url);
    const broken = await fileOf('broken', [hand('h1', 't1'), { ...hand('h2', 't1'), rake: 4 }]);
    expect(await replay.run(broken)).toMatchObject({
      exitCode: 2,
      errors: `steelyard: ${broken} line 2: winners and rake are 61, total_pot is 60\n`,
    });
    const twice = await fileOf('twice', [hand('h1', 't1'), hand('h1', 't1')]);
    expect(await replay.run(twice)).toMatchObject({
      exitCode: 2,
      errors: `steelyard: ${twice} line 2: hand h1 at t1 was there before\n`,
    });
    expect(await readMarks(database.url)).toEqual(marks);
  });

  it('says what to do when the balance service does not answer', async () => {
    const nobody = replayRunner(
      () => directory,
      () => '127.0.0.1:1',
    );
    const { exitCode, output, errors } = await nobody.run(await fileOf('away', [hand('h1', 't1')]), [
      '--retry-for',
      '500ms',
    ]);
    expect(exitCode).toBe(1);
    expect(errors).toContain('no answer from the balance service at 127.0.0.1:1: is the platform running?');
    expect(output).toContain('given up after 0.5 s); run the same command again to finish');
  });
});

/** The same hand when Bob does not sit there: Ann wins what Cid lost. */
function withoutBob(): Partial<HistoryHand> {
  const { seats, contributions } = hand('', '');
  return {
    seats: seats.filter(({ player }) => player !== 'bob'),
    contributions: contributions.filter(({ player }) => player !== 'bob'),
    winners: [{ seat: 1, player: 'ann', amount: 37 }],
    total_pot: 40,
  };
}
