import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abortHand, act, settleHand, startCashOut, takeSeat, type Movement } from '../src/game/index.js';
import { LiveTable } from '../src/state/live-table.js';
import { TableFile } from '../src/state/table-file.js';
import type { TableRecord } from '../src/state/table-record.js';
import { granted, HAND, moveOf, play, tableWith } from './support/tables.js';

describe('a table on the disk', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steelyard-table-'));
    path = join(directory, 'felt.table.json');
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Everything that can be under way at once. */
  function busyRecord(): TableRecord {
    const { table, movements } = play(tableWith(300n, 90n), [1, 'all-in'], [2, 'call']);
    const joining = granted(
      takeSeat(
        table,
        { seatId: 4, userId: 'new', autoTopUp: true },
        { kind: 'buy-in', buyInId: 'b', reservationId: 'r', amount: 9_000n },
      ),
    );
    const leaving = granted(startCashOut(tableWith(1n, 2n, 3n), 3, 'c')).seats.slice(2);
    const outbox: readonly Movement[] = [
      ...movements,
      ...granted(abortHand(table, HAND, 'lights out')).movements,
      ...granted(settleHand(table, HAND, { winners: [{ seatId: 1, amount: 180n }] })).movements,
    ];
    return {
      table: { ...joining, seats: [...joining.seats, ...leaving] },
      asked: [{ buyInId: 'a', userId: 'asking', amount: 9_007_199_254_740_991n }],
      outbox,
    };
  }

  it('is read as it was saved', async () => {
    const record = busyRecord();
    await new TableFile(path).save(record);
    expect(await new TableFile(path).load()).toEqual(record);
  });

  it('goes on from there', async () => {
    const { table } = play(tableWith(300n, 90n), [1, 'raise', 40n]);
    await LiveTable.create(new TableFile(path), table);
    const loaded = await LiveTable.load(new TableFile(path));
    expect(act(loaded.record.table, HAND, moveOf([2, 'call']))).toEqual(
      act(table, HAND, moveOf([2, 'call'])),
    );
  });

  it('is the old one until the new one is complete', async () => {
    const record = busyRecord();
    await new TableFile(path).save(record);
    await writeFile(`${path}.new`, '{"table": {"rul');
    expect(await new TableFile(path).load()).toEqual(record);
  });

  it('that is damaged stops the service, and names the file', async () => {
    await new TableFile(path).save(busyRecord());
    const text = await readFile(path, 'utf8');
    for (const damaged of [text.slice(0, -20), text.replace('"9000"', '"9e3"'), '{}']) {
      await writeFile(path, damaged);
      await expect(new TableFile(path).load()).rejects.toThrow(path);
    }
  });

  it('changes one step at a time', async () => {
    const live = await LiveTable.create(new TableFile(path), tableWith(300n));
    const seen: string[] = [];
    await Promise.all(
      ['first', 'second'].map((name) =>
        live.exclusively(async () => {
          seen.push(`${name} begins`);
          await live.save(live.record);
          seen.push(`${name} ends`);
        }),
      ),
    );
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });
});
