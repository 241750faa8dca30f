import { Readable } from 'node:stream';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@steelyard/rest/guard';
import { orProblem } from '@steelyard/rest/replies';
import { ParsedQuery, ReadableAccountId } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ReadStatementHandler } from '../../../application/read-statement/read-statement.handler.js';
import { statementJson, statementNdjson } from './statement-text.js';
import { statementQuery, statementReply } from './statements.dto.js';

const FORMS = {
  json: { type: 'application/json; charset=utf-8', text: statementJson },
  ndjson: { type: 'application/x-ndjson; charset=utf-8', text: statementNdjson },
} as const;

@ApiTags('Ledger')
@Controller('accounts')
export class StatementsController {
  constructor(private readonly readStatement: ReadStatementHandler) {}

  @Get(':id/statement')
  @Access('readAccount')
  @Operation({
    id: 'accounts.statement',
    summary: 'What happened on an account in a period, with a proof',
    description:
      'Entries are sent as they are read, oldest first; a statement that breaks off is not complete JSON. ' +
      'It can be checked offline: the entries lead from the opening to the closing checksum, and the proof to a signed checkpoint.',
    params: { id: 'alice' },
    query: statementQuery,
    reply: statementReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND', 'INTEGRITY_FAILURE'],
  })
  async statement(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(statementQuery) query: z.output<typeof statementQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { from: fromMs = 0n, to: toMs = BigInt(Date.now()), format } = query;
    const statement = orProblem(await this.readStatement.execute({ accountId, fromMs, toMs }));
    const { type, text } = FORMS[format];
    // The next page is fetched when the client has taken this one.
    const stream = Readable.from(text(statement), { objectMode: false });
    void reply.header('content-type', type).send(stream);
  }
}
