import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition, type Client, type ServiceError } from '@grpc/grpc-js';
import { load, type Options } from '@grpc/proto-loader';
import { afterAll, beforeAll } from '@jest/globals';

const OLD_PROTO = fileURLToPath(new URL('./legacy-balance.proto', import.meta.url));
const DEADLINE_MS = 60_000;

export type LegacyMethod =
  | 'GetBalance'
  | 'EnsureAccount'
  | 'ReserveForBuyIn'
  | 'CommitReservation'
  | 'ReleaseReservation'
  | 'ProcessCashOut'
  | 'RecordContribution'
  | 'SettlePot'
  | 'CancelPot';
export type LegacyReply = Record<string, unknown>;
/** Calls one method; rejects with grpc-js's ServiceError. */
export type LegacyCall = (method: LegacyMethod, request: object) => Promise<LegacyReply>;

/** A client as proto-loader makes them: methods by name, messages as plain objects. */
type LoadedClient = Client &
  Record<
    LegacyMethod,
    (
      request: object,
      options: { deadline: number },
      callback: (error: ServiceError | null, response: LegacyReply) => void,
    ) => void
  >;

/** How most clients load the contract: members as in the .proto, 64-bit integers as texts. */
export const WITH_STRINGS: Options = { keepCase: true, longs: String, defaults: true };

/** Gives the suite that calls it a client of the replaced service, made from a copy of its contract. */
export function useLegacyClient(address: () => string, options: Options = WITH_STRINGS): LegacyCall {
  let client: LoadedClient | undefined;
  beforeAll(async () => {
    const loaded = loadPackageDefinition(await load(OLD_PROTO, options));
    const { BalanceService } = loaded['balance'] as unknown as {
      BalanceService: new (
        address: string,
        channel: ReturnType<typeof credentials.createInsecure>,
      ) => LoadedClient;
    };
    client = new BalanceService(address(), credentials.createInsecure());
  });
  afterAll(() => client?.close());
  return (method, request) =>
    new Promise((resolve, reject) => {
      if (!client) throw new Error('the client exists only while tests run');
      const deadline = Date.now() + DEADLINE_MS;
      client[method](request, { deadline }, (error, response) => (error ? reject(error) : resolve(response)));
    });
}
