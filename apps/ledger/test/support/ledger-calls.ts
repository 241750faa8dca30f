import { expect } from '@jest/globals';
import type { ledgerV1 } from '@steelyard/contracts/grpc';
import { RpcError, type RpcClient } from '@steelyard/platform/rpc';

export type LedgerClient = RpcClient<typeof ledgerV1.LedgerServiceService>;
export type LedgerCall = LedgerClient['call'];

export const FIRST_PAGE = { limit: 0, cursor: '' };
export const EVERY_TYPE = { ...FIRST_PAGE, type: '', offset: 0 };

/** Fails unless a call is refused with this status of gRPC and this code. */
export async function expectRefusal(asked: Promise<unknown>, status: string, code: string): Promise<void> {
  const error: unknown = await asked.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({ status, message: expect.stringMatching(new RegExp(`^${code}: `)) });
}
