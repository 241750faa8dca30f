import { balanceV1 } from '@steelyard/contracts/grpc';
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js';

type CommandKind = NonNullable<balanceV1.Command['body']>['$case'];

/**
 * Where a call is cut off.
 * - `before`: the platform never sees it
 * - `after`: the platform has carried it out, and the caller never hears of it
 */
export type Cut = 'before' | 'after';

/** A wire to the platform that a test can cut at one kind of command. Messages pass through it as they are. */
export interface Relay {
  readonly address: string;
  /** Cuts off every command of this kind from now on; resolves when the first one was cut off. */
  cut(kind: CommandKind, where: Cut): Promise<void>;
  mend(): void;
  close(): void;
}

interface CutOff {
  readonly kind: CommandKind;
  readonly where: Cut;
  readonly happened: () => void;
}

const CALL_DEADLINE_MS = 60_000;
/** However long the platform was away. */
const SOON_BACK = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 };
const pass = (bytes: Buffer): Buffer => bytes;

export async function startRelay(target: string): Promise<Relay> {
  const upstream = new Client(target, credentials.createInsecure(), SOON_BACK);
  const server = new Server();
  let cutOff: CutOff | undefined;

  const relayTo = (path: string) => {
    return ({ request }: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
      const cut = cutOff !== undefined && holds(path, request, cutOff.kind) ? cutOff : undefined;
      // Never answered: the caller's deadline ends the call, or its death.
      if (cut?.where === 'before') return cut.happened();
      const options = { deadline: Date.now() + CALL_DEADLINE_MS };
      upstream.makeUnaryRequest(path, pass, pass, request, options, (error, response) => {
        if (cut !== undefined) cut.happened();
        else if (error !== null) answer({ code: error.code, details: error.details });
        else if (response === undefined) answer({ code: status.INTERNAL });
        else answer(null, response);
      });
    };
  };

  const methods = Object.entries(balanceV1.BalanceServiceService);
  const definition: ServiceDefinition = Object.fromEntries(
    methods.map(([name, method]) => [name, { ...method, ...RAW }]),
  );
  server.addService(definition, Object.fromEntries(methods.map(([name, { path }]) => [name, relayTo(path)])));
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    cut: (kind, where) =>
      new Promise((happened) => {
        cutOff = { kind, where, happened };
      }),
    mend: () => {
      cutOff = undefined;
    },
    close: () => {
      server.forceShutdown();
      upstream.close();
    },
  };
}

const RAW = {
  requestSerialize: pass,
  requestDeserialize: pass,
  responseSerialize: pass,
  responseDeserialize: pass,
};

function holds(path: string, request: Buffer, kind: CommandKind): boolean {
  if (!path.endsWith('/Execute')) return false;
  return balanceV1.ExecuteRequest.decode(request).commands.some(({ body }) => body?.$case === kind);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
