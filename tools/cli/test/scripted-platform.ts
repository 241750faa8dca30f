import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What may go wrong with one batch request. */
export type Fault =
  /** 503 before anything is done. */
  | 'refuse'
  /** Everything is done and the answer is lost. */
  | 'lose-answer'
  /** The second half of the batch is undecided. */
  | 'half'
  /** 413 for the batch as a whole. */
  | 'too-large';

interface RequestBody {
  readonly currency?: string;
  readonly transactions?: readonly Item[];
}

interface Item {
  readonly idempotencyKey: string;
  readonly type: string;
  readonly accountId: string;
  readonly amount: string;
}

/**
 * The batch and account calls of the REST API over a Map: just enough to follow what the import sends, with faults
 * at chosen batches. The real platform is met by the tests across services.
 */
export class ScriptedPlatform {
  readonly balances = new Map<string, bigint>();
  readonly currencies = new Map<string, string>();
  readonly openings: unknown[] = [];
  /** Keys in the order in which they took effect. */
  readonly applied: string[] = [];
  batchesReceived = 0;
  batchesUnderWayMax = 0;
  /** Called before a batch is answered. */
  onBatch: (number: number) => Promise<void> | void = () => undefined;
  readonly #answers = new Map<string, bigint>();
  readonly #faults = new Map<number, Fault>();
  #batchesUnderWay = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    // A server that listens on TCP has an address of this type.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/api`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Lets the batch with this number, from 1, go wrong. */
  failAt(number: number, fault: Fault): void {
    this.#faults.set(number, fault);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The import is the only client, and what it sends wrongly shows in the balances.
    const body = JSON.parse((await text(request)) || '{}') as RequestBody;
    const account = /^\/api\/accounts\/([^/]+)$/.exec(request.url ?? '')?.[1];
    if (account !== undefined) return this.#open(decodeURIComponent(account), body, response);
    if (request.url === '/api/transactions/batch') return this.#batch(body, response);
    return reply(response, 404, { error: 'NOT_FOUND', message: 'There is nothing at this address' });
  }

  #open(accountId: string, body: RequestBody, response: ServerResponse): void {
    this.openings.push({ accountId, ...body });
    const currency = this.currencies.get(accountId) ?? body.currency ?? '';
    this.currencies.set(accountId, currency);
    reply(response, 201, { accountId, balance: 0, currency, created: true });
  }

  async #batch(body: RequestBody, response: ServerResponse): Promise<void> {
    this.batchesReceived += 1;
    this.#batchesUnderWay += 1;
    this.batchesUnderWayMax = Math.max(this.batchesUnderWayMax, this.#batchesUnderWay);
    const number = this.batchesReceived;
    await this.onBatch(number);
    this.#batchesUnderWay -= 1;
    const items = body.transactions ?? [];
    const fault = this.#faults.get(number);
    if (fault === 'refuse')
      return reply(response, 503, { error: 'UNAVAILABLE', message: 'down', retryable: true });
    if (fault === 'too-large')
      return reply(response, 413, { error: 'PAYLOAD_TOO_LARGE', message: 'too large' });
    const decided = fault === 'half' ? Math.ceil(items.length / 2) : items.length;
    const results = items.map((item, index) => (index < decided ? this.#apply(item) : UNDECIDED));
    if (fault === 'lose-answer') return void response.destroy();
    return reply(response, 200, { results });
  }

  #apply(item: Item): object {
    const key = `${item.accountId} ${item.idempotencyKey}`;
    const known = this.#answers.get(key);
    if (known !== undefined)
      return { ok: true, replayed: true, transaction: { balanceAfter: Number(known) } };
    if (item.type === 'BONUS')
      return { ok: false, error: 'ACCOUNT_FROZEN', message: 'frozen', retryable: false };
    const amount = item.type === 'DEPOSIT' ? BigInt(item.amount) : -BigInt(item.amount);
    const balance = (this.balances.get(item.accountId) ?? 0n) + amount;
    this.balances.set(item.accountId, balance);
    this.#answers.set(key, balance);
    this.applied.push(key);
    return { ok: true, replayed: false, transaction: { balanceAfter: Number(balance) } };
  }
}

const UNDECIDED = { ok: false, error: 'UNAVAILABLE', message: 'try again', retryable: true };

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
