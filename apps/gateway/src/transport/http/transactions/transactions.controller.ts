import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseId } from '@steelyard/domain/posting';
import { ProblemError } from '@steelyard/platform/http';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '../../../application/access/caller.js';
import { ReadTransactionsHandler } from '../../../application/read-transactions/read-transactions.handler.js';
import { ReverseTransactionHandler } from '../../../application/reverse-transaction/reverse-transaction.handler.js';
import { Access } from '../access/access.decorator.js';
import { CurrentCaller } from '../access/caller.decorator.js';
import { markReplayed } from '../json/mark-replayed.js';
import { orProblem } from '../json/or-problem.js';
import type { Reply } from '../json/to-json.js';
import { reverseBody } from '../money/money.dto.js';
import { transactionReply } from '../money/transaction.dto.js';
import { presentAccountTransaction, presentTransaction } from '../money/transaction.presenter.js';
import { Operation } from '../openapi/operation.decorator.js';
import {
  IdempotencyKey,
  ParsedBody,
  ParsedQuery,
  ReadableAccountId,
} from '../validation/request.decorators.js';
import { transactionsQuery, transactionsReply } from './transactions.dto.js';

const PARAMS = { id: '0192a7c4-1f00-7003-8000-000000000100' };

@ApiTags('Transactions')
@Controller()
export class TransactionsController {
  constructor(
    private readonly readTransactions: ReadTransactionsHandler,
    private readonly reverseTransaction: ReverseTransactionHandler,
  ) {}

  @Get('accounts/:id/transactions')
  @Access('readAccount')
  @Operation({
    summary: 'The transactions of an account, newest first',
    params: { id: 'alice' },
    query: transactionsQuery,
    reply: transactionsReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_CURSOR', 'ACCOUNT_NOT_FOUND'],
  })
  async list(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(transactionsQuery) query: z.output<typeof transactionsQuery>,
  ): Promise<Reply> {
    const { limit, cursor = '', offset = 0, type = '', from, to } = query;
    const page = orProblem(
      await this.readTransactions.list({ accountId, limit, cursor, offset, type, fromMs: from, toMs: to }),
    );
    return {
      transactions: page.transactions.map(presentAccountTransaction),
      total: page.total,
      limit,
      offset,
      nextCursor: page.nextCursor === '' ? null : page.nextCursor,
    };
  }

  @Get('transactions/:id')
  @Access('readTransaction')
  @Operation({
    summary: 'Read a transaction',
    params: PARAMS,
    reply: transactionReply,
    errors: ['TRANSACTION_NOT_FOUND'],
  })
  async read(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Reply> {
    const read = orProblem(await this.readTransactions.one(caller, transactionId(id)));
    return presentTransaction(read.transaction, read.visibleAccountIds);
  }

  @Post('transactions/:id/reverse')
  @Access('reverse')
  @Operation({
    summary: 'Post the opposite of a transaction, whole or in part',
    params: PARAMS,
    body: reverseBody,
    reply: transactionReply,
    idempotencyKey: 'required',
    errors: [
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'INSUFFICIENT_BALANCE',
      'LIMIT_EXCEEDED',
      'ACCOUNT_FROZEN',
      'ACCOUNT_CLOSED',
      'TRANSACTION_NOT_FOUND',
      'NOT_REVERSIBLE',
      'ALREADY_REVERSED',
      'REVERSAL_EXCEEDS_TRANSACTION',
    ],
  })
  async reverse(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IdempotencyKey() key: string,
    @ParsedBody(reverseBody) body: z.output<typeof reverseBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const request = { ...body, transactionId: transactionId(id) };
    const posted = orProblem(await this.reverseTransaction.execute(caller, key, request));
    markReplayed(reply, posted);
    return presentTransaction(posted.transaction);
  }
}

/** An id of another form is malformed, and nothing needs to be looked up to say so. */
function transactionId(text: string): string {
  if (parseId(text)?.ordinal === 0) return text.toLowerCase();
  throw new ProblemError('INVALID_REQUEST', 'id must be the id of a transaction', { field: 'id' });
}
