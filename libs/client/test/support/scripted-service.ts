import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { balanceV1 } from '@steelyard/contracts/grpc';
import { freePort } from '@steelyard/testing/processes';

/** What the service does with one request. */
export type Reaction =
  | 'unavailable'
  /** It does the work, and its answer never arrives. */
  | 'lose-answer'
  /** An answer that makes no sense. */
  | 'nonsense'
  | ((command: balanceV1.Command) => balanceV1.Outcome);

type Execute = ServerUnaryCall<balanceV1.ExecuteRequest, balanceV1.ExecuteResponse>;

/** A balance service that fails on command: for what a real one cannot be made to do at the right moment. */
export class ScriptedService {
  /** The commands of every request that arrived, answered or not. */
  readonly requests: (readonly balanceV1.Command[])[] = [];
  #server: Server | undefined;
  readonly #reactions: Reaction[] = [];

  private constructor(
    private readonly port: number,
    private readonly otherwise: Reaction,
  ) {}

  /** @param otherwise what it does when no other reaction was asked for */
  static async start(otherwise: Reaction = grantDeposit): Promise<ScriptedService> {
    const service = new ScriptedService(await freePort(), otherwise);
    await service.resume();
    return service;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The keys of all commands in the order in which they arrived. */
  get keys(): readonly string[] {
    return this.requests.flat().map(({ idempotencyKey }) => idempotencyKey);
  }

  /** What it does with the next requests, one each. */
  next(...reactions: readonly Reaction[]): void {
    this.#reactions.push(...reactions);
  }

  async resume(): Promise<void> {
    const server = new Server();
    server.addService(balanceV1.BalanceServiceService, { execute: this.#execute.bind(this) });
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(this.address, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      );
    });
    this.#server = server;
  }

  /** Breaks all connections and takes no new ones. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  #execute(call: Execute, done: sendUnaryData<balanceV1.ExecuteResponse>): void {
    const { commands } = call.request;
    this.requests.push(commands);
    const reaction = this.#reactions.shift() ?? this.otherwise;
    if (reaction === 'lose-answer') return;
    if (reaction === 'unavailable') done({ code: status.UNAVAILABLE, details: 'scripted' });
    else if (reaction === 'nonsense') done(null, { outcomes: [] });
    else done(null, { outcomes: commands.map(reaction) });
  }
}

const COMMITTED_AT_MS = 1_700_000_000_000n;

/** The outcome of a deposit or withdrawal of an account that was empty before. */
export function grantDeposit(command: balanceV1.Command): balanceV1.Outcome {
  const { body, idempotencyKey } = command;
  if (body?.$case !== 'deposit' && body?.$case !== 'withdraw') return refuse('INVALID_REQUEST')();
  const { accountId, amount } = body.value;
  const signed = body.$case === 'deposit' ? amount : -amount;
  const entry = { accountId, currency: 'CHIPS', amount: signed, balanceBefore: 0n, balanceAfter: signed };
  const value = {
    transactionId: `transaction-of-${idempotencyKey}`,
    type: body.$case === 'deposit' ? 'DEPOSIT' : 'WITHDRAW',
    status: 'COMPLETED',
    amount,
    currency: 'CHIPS',
    entries: [{ ...entry, entryId: `entry-of-${idempotencyKey}`, sequence: 1n }],
    idempotencyKey,
    metadataJson: '{}',
    committedAtMs: COMMITTED_AT_MS,
  };
  return { replayed: false, result: { $case: 'transaction', value } };
}

/** A service that says no. */
export function refuse(code: string): () => balanceV1.Outcome {
  return () => ({ replayed: false, result: { $case: 'refusal', value: { code, message: 'no', field: '' } } });
}
