import { afterEach, describe, expect, it } from '@jest/globals';
import { ledgerV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { createLogger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/postgres';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';
import { createBalanceSchema } from '../support/balance-schema.js';
import { LedgerBuilder } from '../support/ledger-builder.js';
import { openSuperuser } from '../support/superuser.js';
import { ready, startLedger, type RunningLedger } from '../support/use-ledger-app.js';

const DEADLINE_MS = 60_000;
const BUCKETS = 4;
/** Walks without a rest. */
const WALKING = { LEDGER_WALK_INTERVAL_MS: '20', LEDGER_WALK_CYCLE_MS: '1' };

describe('the ledger app before the balance app', () => {
  let running: RunningLedger | undefined;
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  const database = useDatabase();

  it('is not ready, answers that it is unavailable, and becomes ready by itself', async () => {
    running = await startLedger({ DATABASE_URL: database.url });
    const health = await running.app.inject({ url: '/health' });
    const notReady = await running.app.inject({ url: '/ready' });
    expect([health.statusCode, notReady.statusCode]).toEqual([200, 503]);
    const address = `127.0.0.1:${running.config.LEDGER_GRPC_PORT}`;
    const client = grpcClient(ledgerV1.LedgerServiceService, { address, deadlineMs: DEADLINE_MS });
    try {
      await expect(client.call('getStatus', {})).rejects.toBeInstanceOf(OutageError);
      await createBalanceSchema(database.url, BUCKETS);
      await ready(running);
      expect(await client.call('getStatus', {})).toMatchObject({ accounts: 0n, entries: 0n, sums: [] });
    } finally {
      await client.close();
    }
  });

  it('walks in the background and reports what it finds as integrity_failure', async () => {
    const builder = new LedgerBuilder(database.url, BUCKETS);
    builder.deposit('erin', 10n);
    builder.deposit('erin', 20n);
    await builder.flush();
    const superuser = await openSuperuser(database.url);
    await superuser.query(
      `update ledger.entries set balance_after = 31 where account_id = 'erin' and sequence = 2`,
    );
    await superuser.end();
    const lines: string[] = [];
    const logger = createLogger('ledger', 'info', { write: (line: string) => void lines.push(line) });
    running = await startLedger(
      { DATABASE_URL: database.url, ...WALKING, LEDGER_VERIFY_INTERVAL_MS: '3600000' },
      logger,
    );
    const event = await eventually(() => {
      const found = lines.find((line) => line.includes('integrity_failure') && line.includes('erin'));
      if (found === undefined) throw new Error('nothing is reported yet');
      const parsed: unknown = JSON.parse(found);
      return parsed;
    });
    expect(event).toMatchObject({
      level: 'error',
      accountId: 'erin',
      firstInvalidSequence: '2',
      foundBy: 'walk',
    });
  });

  it('works as its role, which may read the entries and change none', async () => {
    running = await startLedger({ DATABASE_URL: database.url, ...WALKING });
    await ready(running);
    const superuser = await openSuperuser(database.url);
    const mayWrite = await superuser.query<{ name: string; may: boolean }>(
      `select name, has_table_privilege('steelyard_ledger', name, 'insert, update, delete, truncate') as may
       from unnest(array['ledger.entries', 'balance.accounts', 'balance.facts', 'ledger.verification_walk']) as name`,
    );
    const walk = 'select walk from ledger.verification_walk';
    const [before] = await superuser.query<{ walk: string }>(walk);
    await eventually(
      async () =>
        BigInt((await superuser.query<{ walk: string }>(walk))[0]?.walk ?? 0) > BigInt(before?.walk ?? 0),
    );
    await superuser.end();
    expect(mayWrite).toEqual([
      { name: 'ledger.entries', may: false },
      { name: 'balance.accounts', may: false },
      { name: 'balance.facts', may: false },
      { name: 'ledger.verification_walk', may: true },
    ]);
  });
});
