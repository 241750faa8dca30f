import type { statementsV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import { presentEntry } from '@steelyard/rest/history';
import { isoInstant, toJson } from '@steelyard/rest/replies';
import type { Statement, StatementPage } from '../../../application/read-statement/read-statement.handler.js';
import { presentProof } from '../ledger/proofs.presenter.js';

/** The statement as one JSON document, a piece a page. */
export async function* statementJson(statement: Statement): AsyncGenerator<string> {
  const head = toJson(presentHead(statement));
  let before = `${head.slice(0, -1)},"entries":[`;
  let last = statement.first;
  for await (const page of statement.pages()) {
    last = page;
    if (page.entries.length === 0) continue;
    yield before + page.entries.map((entry) => toJson(presentEntry(entry))).join(',');
    before = ',';
  }
  // Nothing was written yet when there are no entries.
  const rest = before === ',' ? '' : before;
  yield `${rest}],${toJson(presentTail(last)).slice(1)}`;
}

/** The same as one object a line: the head, the entries, the tail. */
export async function* statementNdjson(statement: Statement): AsyncGenerator<string> {
  yield `${toJson(presentHead(statement))}\n`;
  let last = statement.first;
  for await (const page of statement.pages()) {
    last = page;
    yield page.entries.map((entry) => `${toJson(presentEntry(entry))}\n`).join('');
  }
  yield `${toJson(presentTail(last))}\n`;
}

function presentHead({ accountId, fromMs, toMs, first }: Statement) {
  const { currency, opening, closing } = first;
  return {
    format: 'steelyard.statement.1',
    accountId,
    currency,
    from: isoInstant(fromMs),
    to: isoInstant(toMs),
    opening: presentBoundary(opening),
    closing: presentBoundary(closing),
  };
}

function presentBoundary(boundary: statementsV1.StatementBoundary | undefined) {
  invariant(boundary, 'the ledger answers with both ends of the statement');
  const { balance, sequence, checksum } = boundary;
  return { balance, sequence, checksum };
}

function presentTail({ provenEntryId, proof }: StatementPage) {
  return {
    provenEntryId: provenEntryId === '' ? null : provenEntryId,
    proof: proof === undefined ? null : presentProof(proof),
  };
}
