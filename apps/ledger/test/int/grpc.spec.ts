import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { RpcError } from '@steelyard/platform/rpc';
import type { LedgerClient } from '../support/ledger-calls.js';
import { describeLedgerService } from '../support/ledger-service.behaviour.js';
import { useLedgerApp } from '../support/use-ledger-app.js';

const DEADLINE_MS = 60_000;

describe('the ledger over gRPC', () => {
  let client: LedgerClient | undefined;
  afterAll(() => client?.close());
  const suite = useLedgerApp();
  beforeAll(() => {
    const address = `127.0.0.1:${suite.running.config.LEDGER_GRPC_PORT}`;
    client = grpcClient(ledgerV1.LedgerServiceService, { address, deadlineMs: DEADLINE_MS });
  });
  const connected = (): LedgerClient => {
    if (client === undefined) throw new Error('the client exists only while tests run');
    return client;
  };

  describeLedgerService({ client: connected, builder: () => suite.books.builder });

  it('carries the code of a refusal in the trailing metadata', async () => {
    const failure: unknown = await connected()
      .call('verifyAccount', { accountId: 'nobody' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RpcError);
    const { cause } = failure as RpcError;
    expect(cause).toMatchObject({ code: status.NOT_FOUND, metadata: expect.any(Metadata) });
    expect((cause as { metadata: Metadata }).metadata.get('error-code')).toEqual(['ACCOUNT_NOT_FOUND']);
  });

  it('answers /health, /ready and /metrics', async () => {
    const { app } = suite.running;
    const health = await app.inject({ url: '/health' });
    expect([health.statusCode, health.json()]).toEqual([200, expect.objectContaining({ app: 'ledger' })]);
    expect((await app.inject({ url: '/ready' })).json()).toEqual({
      status: 'ready',
      checks: [{ name: 'ledger', state: 'up' }],
    });
    expect((await app.inject({ url: '/metrics' })).body).toContain('ledger_verified_entries_total');
  });
});
