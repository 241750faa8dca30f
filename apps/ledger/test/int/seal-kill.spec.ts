import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { openSuperuser, type Superuser } from '../support/superuser.js';
import { useSealing, verifyAll } from '../support/use-sealing.js';

/** Tables in the order in which a seal writes them. */
const STEPS = ['seal_buckets', 'seal_nodes', 'seals', 'signing_keys', 'sealing'];

describe('a ledger app that is killed while it seals', () => {
  const suite = useSealing();
  let app: RunningApp | undefined;
  let blocker: Superuser | undefined;
  afterAll(async () => {
    await blocker?.end();
    await app?.kill9();
  });

  beforeAll(async () => {
    for (const account of ['alice', 'bob', 'carol', 'dave']) suite.builder.deposit(account, 10n);
    await suite.builder.flush();
    app = await startApp('ledger', {
      DATABASE_URL: suite.url,
      DATA_DIR: `${suite.directory}/data`,
      LEDGER_SEAL_INTERVAL_MS: '50',
    });
    await eventually(() => sealed());
  });

  it('counts what it sealed', async () => {
    // It counts when it hears of its commit.
    await eventually(async () => {
      const text = await (await fetch(`${started().httpUrl}/metrics`)).text();
      expect(text).toMatch(/^ledger_seals_total(\{[^}]*\})? [1-9]/m);
      expect(text).toMatch(/^ledger_seal_lag_facts(\{[^}]*\})? 0$/m);
    });
  });

  it.each(STEPS)(
    'has written nothing of the seal when it dies before %s, and seals it after that',
    async (table) => {
      const running = started();
      const before = await counts();
      blocker = await openSuperuser(suite.url);
      // Whoever writes to the table waits here, with everything before it written and nothing committed.
      await blocker.query('begin');
      await blocker.query(`lock table ledger.${table} in share row exclusive mode`);
      for (const account of ['alice', 'bob', 'carol', 'dave']) suite.builder.deposit(account, 1n);
      await suite.builder.flush();
      await eventually(() => isWaitingFor(table));
      await running.kill9();
      await blocker.query('rollback');
      await blocker.end();
      blocker = undefined;
      await eventually(() => isAlone());
      expect(await counts()).toEqual(before);
      await running.restart();
      await eventually(() => sealed());
      const { faults } = await verifyAll(await suite.process());
      expect(faults).toEqual([]);
    },
  );

  it('publishes what it had sealed when it died before the receiver had answered', async () => {
    const running = started();
    const receiver = await SilentReceiver.start();
    try {
      await running.restart({ LEDGER_CHECKPOINT_URL: receiver.url });
      await eventually(() => receiver.received.length > 0);
      await running.kill9();
      receiver.isAnswering = true;
      await running.restart();
      await eventually(() => receiver.accepted.length > 0);
      expect(receiver.accepted[0]).toBe(receiver.received[0]);
      const [latest] = await suite.sql<{ note: string }>(
        'select note from ledger.seals order by seal desc limit 1',
      );
      await eventually(() => receiver.accepted.at(-1) === latest?.note);
    } finally {
      await running.stop();
      receiver.stop();
    }
  });

  function started(): RunningApp {
    if (app === undefined) throw new Error('the app was not started');
    return app;
  }

  async function sealed(): Promise<boolean> {
    const [row] = await suite.sql<{ is_sealed: boolean }>(
      `select (select sum(sequence) from balance.heads)
              = (select coalesce(sum(facts), 0) from ledger.seals) as is_sealed`,
    );
    return row?.is_sealed === true;
  }

  async function counts(): Promise<unknown> {
    return suite.sql(
      `select (select count(*) from ledger.seals) as seals, (select count(*) from ledger.seal_buckets) as buckets,
              (select count(*) from ledger.seal_nodes) as nodes, (select seals from ledger.sealing) as size,
              (select max(last_tree_size) from ledger.signing_keys) as signed`,
    );
  }

  async function isWaitingFor(table: string): Promise<boolean> {
    const rows = await suite.sql(`select from pg_locks where relation = $1::regclass and not granted`, [
      `ledger.${table}`,
    ]);
    return rows.length > 0;
  }

  /** PostgreSQL notices a client that died a moment later, and rolls back. */
  async function isAlone(): Promise<boolean> {
    const rows = await suite.sql(
      `select from pg_locks where relation = 'ledger.sealing'::regclass and mode = 'RowShareLock'`,
    );
    return rows.length === 0;
  }
});

/** Takes checkpoints, and says nothing until it is told to. */
class SilentReceiver {
  isAnswering = false;
  readonly received: string[] = [];
  readonly accepted: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<SilentReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new SilentReceiver(server, `http://127.0.0.1:${port}/`);
    server.on('request', (request, response) => {
      const chunks: Uint8Array[] = [];
      request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      request.on('end', () => {
        const note = Buffer.concat(chunks).toString('utf8');
        receiver.received.push(note);
        if (!receiver.isAnswering) return;
        receiver.accepted.push(note);
        response.writeHead(200).end();
      });
    });
    return receiver;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
