import type { statementsV1 } from '@steelyard/contracts/grpc';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import type { StatementsPort } from '../ports/statements.port.js';

/** 0: the most that the ledger gives. */
const ENTRIES_PER_PAGE = 0;

export interface ReadStatement {
  readonly accountId: string;
  /** Milliseconds since 1970-01-01 UTC; from `fromMs` on and before `toMs`. */
  readonly fromMs: bigint;
  readonly toMs: bigint;
}

export type StatementPage = statementsV1.GetStatementResponse;

/** A statement of any length: its first page, and all pages one by one as they are asked for. */
export interface Statement extends ReadStatement {
  readonly first: StatementPage;
  readonly pages: () => AsyncGenerator<StatementPage>;
}

/** Reads what happened on an account in a period. No more than a page of it is held. */
export class ReadStatementHandler {
  constructor(private readonly statements: StatementsPort) {}

  /** What the ledger refuses is refused with the first page, before anything is sent. */
  async execute(request: ReadStatement): Promise<Statement | Refused> {
    const first = await this.#page(request, '');
    return isRefused(first) ? first : { ...request, first, pages: () => this.#pages(request, first) };
  }

  async *#pages(request: ReadStatement, first: StatementPage): AsyncGenerator<StatementPage> {
    let page = first;
    yield page;
    // Bounded: the ledger has fixed the end of the statement, and every cursor lies behind the one before.
    while (page.nextCursor !== '') {
      const next = await this.#page(request, page.nextCursor);
      if (isRefused(next)) throw new Error(`the statement broke off: ${next.code} ${next.message}`);
      page = next;
      yield page;
    }
  }

  #page(request: ReadStatement, cursor: string): Promise<StatementPage | Refused> {
    return this.statements.getStatement({
      ...request,
      cursor,
      limit: ENTRIES_PER_PAGE,
      withoutTotals: true,
    });
  }
}
