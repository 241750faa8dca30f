import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerV1, reconciliationV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { connectNats, natsRpcClient, type NatsConnection } from '@steelyard/platform/messaging';
import type { RpcClient, RpcDefinition } from '@steelyard/platform/rpc';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { allPages } from '../support/all-pages.js';
import { expectRefusal } from '../support/ledger-calls.js';
import { useLedgerApp } from '../support/use-ledger-app.js';

const DEADLINE_MS = 60_000;
/** Two steps at least, however much time a step has: each begins with a page, and goes on in its turn. */
const ENTRIES = 10_500;

requireServer('nats')('checks of long chains', () => {
  let server: Awaited<ReturnType<typeof startNats>> | undefined;
  let connection: NatsConnection | undefined;
  const closings: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closings) await close();
    await connection?.close();
  });
  // A step is over after the page during which its time is up, and reading a page takes longer than this.
  const suite = useLedgerApp(async () => {
    server = await startNats();
    return { TRANSPORT: 'nats', NATS_URL: server.url, LEDGER_CHECK_SLICE_MS: '1' };
  });
  afterAll(() => server?.stop());
  beforeAll(async () => {
    connection = await connectNats(server?.url ?? '', 'ledger test');
    for (let count = 0; count < ENTRIES; count += 1) suite.books.builder.deposit('long', 1n);
    await suite.books.builder.flush();
  });

  const client = <Definition extends RpcDefinition>(transport: string, definition: Definition) => {
    if (transport === 'NATS') return overNats(connection, definition);
    const address = `127.0.0.1:${suite.running.config.LEDGER_GRPC_PORT}`;
    const direct = grpcClient(definition, { address, deadlineMs: DEADLINE_MS });
    closings.push(() => direct.close());
    return direct;
  };

  describe.each(['gRPC', 'NATS'])('over %s', (transport) => {
    const ledger = () => client(transport, ledgerV1.LedgerServiceService);
    const reconciliation = () => client(transport, reconciliationV1.ReconciliationServiceService);

    it('are verified step by step', async () => {
      const rpc = ledger();
      const steps = await allPages((cursor) => rpc.call('verifyAccount', { accountId: 'long', cursor }));
      expect(steps.length).toBeGreaterThan(1);
      expect(steps.slice(0, -1).every(({ verification }) => verification === undefined)).toBe(true);
      expect(steps.at(-1)).toMatchObject({
        verification: { valid: true, entriesChecked: BigInt(ENTRIES) },
        entries: BigInt(ENTRIES),
      });
    });

    it('are verified whole for who does not go on', async () => {
      const { verification, nextCursor } = await ledger().call('verifyAccount', { accountId: 'long' });
      expect([verification?.valid, verification?.entriesChecked, nextCursor]).toEqual([
        true,
        BigInt(ENTRIES),
        '',
      ]);
    });

    it('are validated step by step', async () => {
      const rpc = reconciliation();
      const steps = await allPages((cursor) => rpc.call('validateAccount', { accountId: 'long', cursor }));
      expect(steps.length).toBeGreaterThan(1);
      expect(steps.flatMap(({ validation }) => validation?.chains ?? [])).toMatchObject([
        { chainValid: true, sumOfEntries: BigInt(ENTRIES), faults: [] },
      ]);
    });

    it('are reconciled step by step', async () => {
      const rpc = reconciliation();
      const request = { accountId: 'long', performedBy: 'olga', reason: 'month end' };
      const steps = await allPages((cursor) => rpc.call('reconcileAccount', { ...request, cursor }));
      expect(steps.length).toBeGreaterThan(1);
      expect(steps.map(({ repaired }) => repaired)).not.toContain(true);
      expect(steps.flatMap(({ after }) => after?.chains ?? [])).toHaveLength(1);
    });

    it('go on with no cursor that was made up', async () => {
      const asked = ledger().call('verifyAccount', { accountId: 'long', cursor: 'bm9uZQ' });
      await expectRefusal(asked, 'INVALID_ARGUMENT', 'INVALID_CURSOR');
    });
  });

  it('are counted', async () => {
    const { body } = await suite.running.app.inject({ url: '/metrics' });
    expect(body).toMatch(/^ledger_check_slices_total\{outcome="begun",app="ledger"\} [1-9]/m);
    expect(body).toMatch(/^ledger_checks\{state="under_way",app="ledger"\} 0$/m);
  });
});

function overNats<Definition extends RpcDefinition>(
  connection: NatsConnection | undefined,
  definition: Definition,
): RpcClient<Definition> {
  if (connection === undefined) throw new Error('the connection exists only while tests run');
  return natsRpcClient(connection, definition, { deadlineMs: DEADLINE_MS });
}
