import { describe, expect, it } from '@jest/globals';
import type { statementsV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import { isRefused, refused, type Refused } from '@steelyard/rest/refusals';
import { StatementsPort } from '../../../application/ports/statements.port.js';
import {
  ReadStatementHandler,
  type Statement,
} from '../../../application/read-statement/read-statement.handler.js';
import { statementJson, statementNdjson } from './statement-text.js';

type Page = statementsV1.GetStatementResponse;

/** Gives pages of one entry, and remembers how many were asked for. */
class Pages extends StatementsPort {
  asked = 0;

  constructor(
    private readonly count: number,
    private readonly refusesFrom = Number.POSITIVE_INFINITY,
  ) {
    super();
  }

  async getStatement({ cursor }: statementsV1.GetStatementRequest): Promise<Page | Refused> {
    this.asked += 1;
    const place = Number(cursor);
    if (place >= this.refusesFrom) return refused('INTEGRITY_FAILURE', 'damaged');
    return {
      accountId: 'alice',
      currency: 'CZK',
      opening: { balance: 0n, sequence: 0n, checksum: 'GENESIS' },
      closing: { balance: 7n, sequence: BigInt(this.count), checksum: 'aa' },
      entriesTotal: BigInt(this.count),
      credits: 0n,
      debits: 0n,
      entries: this.count === 0 ? [] : [entry(place)],
      proof: undefined,
      provenEntryId: '',
      nextCursor: place + 1 < this.count ? String(place + 1) : '',
    };
  }
}

function entry(place: number): Page['entries'][number] {
  return {
    entryId: `e${place}`,
    transactionId: 't',
    accountId: 'alice',
    type: 'DEPOSIT',
    amount: 1n,
    balanceBefore: 0n,
    balanceAfter: 1n,
    metadataJson: '{"10":1,"9":2}',
    timestamp: '2026-01-01T00:00:00.000Z',
    previousChecksum: 'GENESIS',
    checksum: 'aa',
    sequence: BigInt(place + 1),
    hashVersion: 1,
  };
}

async function read(pages: Pages): Promise<Statement> {
  const request = { accountId: 'alice', fromMs: 0n, toMs: 86_400_000n };
  const statement = await new ReadStatementHandler(pages).execute(request);
  invariant(!isRefused(statement), 'the first page is granted');
  return statement;
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

const HEAD =
  '{"format":"steelyard.statement.1","accountId":"alice","currency":"CZK","from":"1970-01-01T00:00:00.000Z",' +
  '"to":"1970-01-02T00:00:00.000Z","opening":{"balance":0,"sequence":0,"checksum":"GENESIS"},' +
  '"closing":{"balance":7,"sequence":COUNT,"checksum":"aa"}';
const ENTRY =
  '{"entryId":"ePLACE","transactionId":"t","accountId":"alice","type":"DEPOSIT","amount":1,"balanceBefore":0,' +
  '"balanceAfter":1,"metadata":{"10":1,"9":2},"timestamp":"2026-01-01T00:00:00.000Z","previousChecksum":"GENESIS",' +
  '"checksum":"aa"}';
const TAIL = '"provenEntryId":null,"proof":null}';
const head = (count: number): string => HEAD.replace('COUNT', String(count));
const entryText = (place: number): string => ENTRY.replace('PLACE', String(place));

describe('the text of a statement', () => {
  it('is one document over all pages', async () => {
    const entries = [0, 1, 2].map(entryText).join(',');
    expect(await textOf(statementJson(await read(new Pages(3))))).toBe(
      `${head(3)},"entries":[${entries}],${TAIL}`,
    );
  });

  it('without entries is a document too', async () => {
    expect(await textOf(statementJson(await read(new Pages(0))))).toBe(`${head(0)},"entries":[],${TAIL}`);
  });

  it('as lines has an object a line', async () => {
    const lines = [`${head(2)}}`, entryText(0), entryText(1), `{${TAIL}`];
    expect(await textOf(statementNdjson(await read(new Pages(2))))).toBe(`${lines.join('\n')}\n`);
  });

  it('asks for a page when the one before was taken, and for none when nobody reads on', async () => {
    const pages = new Pages(100);
    const pieces = statementJson(await read(pages));
    expect(pages.asked).toBe(1);
    await pieces.next();
    await pieces.next();
    expect(pages.asked).toBe(2);
    await pieces.return('');
    expect(pages.asked).toBe(2);
  });

  it('breaks off when the ledger refuses to go on', async () => {
    const pieces = statementJson(await read(new Pages(5, 3)));
    await expect(textOf(pieces)).rejects.toThrow('INTEGRITY_FAILURE');
  });

  it('is refused as a whole when the first page is', async () => {
    const request = { accountId: 'alice', fromMs: 0n, toMs: 1n };
    const refusal = await new ReadStatementHandler(new Pages(1, 0)).execute(request);
    expect(refusal).toMatchObject({ kind: 'refused', code: 'INTEGRITY_FAILURE' });
  });
});
