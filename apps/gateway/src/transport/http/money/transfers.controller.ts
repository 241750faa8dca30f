import { Body, Controller, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '@steelyard/rest/access';
import { ExecuteBatchHandler } from '../../../application/execute-batch/execute-batch.handler.js';
import { TransferHandler } from '../../../application/transfer/transfer.handler.js';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { markReplayed, orProblem, type Reply } from '@steelyard/rest/replies';
import { Operation } from '@steelyard/rest/schemas';
import { IdempotencyKey, ParsedBody } from '@steelyard/rest/requests';
import { batchBody, batchReply, parseBatch } from './batch.dto.js';
import { transferBody } from './money.dto.js';
import { presentTransfer, transferReply } from '@steelyard/rest/transactions';
import { presentBatchResult } from './money.presenter.js';

/** 5,000 items of about 800 bytes. */
const BATCH_BODY_MAX_BYTES = 4 * 1024 * 1024;

@ApiTags('Money')
@Controller()
export class TransfersController {
  constructor(
    private readonly transferHandler: TransferHandler,
    private readonly executeBatch: ExecuteBatchHandler,
  ) {}

  @Post('transfers')
  @Access('transfer')
  @Operation({
    summary: 'Move money from one account to another',
    description:
      'Without a role the caller must own the paying account, and sees the balances of its own only.',
    body: transferBody,
    reply: transferReply,
    idempotencyKey: 'required',
    errors: [
      'INVALID_ACCOUNT_ID',
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'INVALID_METADATA',
      'SAME_ACCOUNT',
      'RATE_REQUIRED',
      'RATE_NOT_APPLICABLE',
      'INSUFFICIENT_BALANCE',
      'LIMIT_EXCEEDED',
      'ACCOUNT_NOT_FOUND',
      'ACCOUNT_FROZEN',
      'ACCOUNT_CLOSED',
    ],
  })
  async transfer(
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string,
    @ParsedBody(transferBody) body: z.output<typeof transferBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const posted = orProblem(await this.transferHandler.execute(caller, key, body));
    markReplayed(reply, posted);
    return presentTransfer(posted.transaction, posted.showsReceiver);
  }

  @Post('transactions/batch')
  @Access('batch')
  @RouteConfig({ bodyMaxBytes: BATCH_BODY_MAX_BYTES })
  @Operation({
    summary: 'Execute many movements, in order, each under its own key',
    description:
      'independent: each item stands alone. atomic: all or none. Every item is authorised on its own; a refused or ' +
      'malformed item is a result, not an error of the request.',
    body: batchBody,
    reply: batchReply,
    errors: ['BATCH_TOO_LARGE'],
  })
  async batch(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<Reply> {
    const { mode, items } = orProblem(parseBatch(body));
    const results = orProblem(await this.executeBatch.execute(caller, mode, items));
    return { results: results.map(presentBatchResult) };
  }
}
