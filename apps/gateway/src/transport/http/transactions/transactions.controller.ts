import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '@steelyard/rest/access';
import { ReadTransactionHandler } from '../../../application/read-transaction/read-transaction.handler.js';
import { ReverseTransactionHandler } from '../../../application/reverse-transaction/reverse-transaction.handler.js';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { markReplayed, orProblem, type Reply } from '@steelyard/rest/replies';
import { readFactId } from '../ids.js';
import { reverseBody } from '../money/money.dto.js';
import { presentTransaction, transactionReply } from '@steelyard/rest/transactions';
import { Operation } from '@steelyard/rest/schemas';
import { IdempotencyKey, ParsedBody } from '@steelyard/rest/requests';

const PARAMS = { id: '0192a7c4-1f00-7003-8000-000000000100' };

@ApiTags('Transactions')
@Controller('transactions')
export class TransactionsController {
  constructor(
    private readonly readTransaction: ReadTransactionHandler,
    private readonly reverseTransaction: ReverseTransactionHandler,
  ) {}

  @Get(':id')
  @Access('readTransaction')
  @Operation({
    summary: 'Read a transaction',
    params: PARAMS,
    reply: transactionReply,
    errors: ['TRANSACTION_NOT_FOUND'],
  })
  async read(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Reply> {
    const read = orProblem(await this.readTransaction.execute(caller, readFactId(id, 'transaction')));
    return presentTransaction(read.transaction, read.visibleAccountIds);
  }

  @Post(':id/reverse')
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
    const request = { ...body, transactionId: readFactId(id, 'transaction') };
    const posted = orProblem(await this.reverseTransaction.execute(caller, key, request));
    markReplayed(reply, posted);
    return presentTransaction(posted.transaction);
  }
}
