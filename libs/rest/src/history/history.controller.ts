import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Access } from '../guard/access.decorator.js';
import { orProblem } from '../replies/or-problem.js';
import type { Reply } from '../replies/to-json.js';
import { ParsedQuery, ReadableAccountId } from '../requests/request.decorators.js';
import { Operation } from '../schemas/operation.decorator.js';
import { presentAccountTransaction } from '../transactions/transaction.presenter.js';
import { entriesQuery, entriesReply, transactionsQuery, transactionsReply } from './history.dto.js';
import { presentEntries } from './ledger.presenter.js';
import { ReadHistoryHandler } from './read-history.handler.js';

const PARAMS = { id: 'alice' };

@Controller('accounts')
export class HistoryController {
  constructor(private readonly readHistory: ReadHistoryHandler) {}

  @Get(':id/transactions')
  @Access('readAccount')
  @ApiTags('Transactions')
  @Operation({
    id: 'transactions.list',
    summary: 'The transactions of an account, newest first',
    params: PARAMS,
    query: transactionsQuery,
    reply: transactionsReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_CURSOR', 'ACCOUNT_NOT_FOUND'],
  })
  async transactions(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(transactionsQuery) query: z.output<typeof transactionsQuery>,
  ): Promise<Reply> {
    const { limit, cursor = '', offset = 0, type = '', from, to } = query;
    const page = orProblem(
      await this.readHistory.transactions({
        accountId,
        limit,
        cursor,
        offset,
        type,
        fromMs: from,
        toMs: to,
      }),
    );
    return {
      transactions: page.transactions.map(presentAccountTransaction),
      total: page.total,
      limit,
      offset,
      nextCursor: page.nextCursor === '' ? null : page.nextCursor,
    };
  }

  @Get(':id/ledger')
  @Access('readAccount')
  @ApiTags('Ledger')
  @Operation({
    id: 'ledger.entries',
    summary: 'The chained entries of an account, newest first',
    params: PARAMS,
    query: entriesQuery,
    reply: entriesReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_CURSOR', 'ACCOUNT_NOT_FOUND'],
  })
  async entries(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(entriesQuery) query: z.output<typeof entriesQuery>,
  ): Promise<Reply> {
    const { limit, cursor = '', from, to } = query;
    return presentEntries(
      orProblem(await this.readHistory.entries({ accountId, limit, cursor, fromMs: from, toMs: to })),
    );
  }
}
