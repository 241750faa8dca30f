import { Controller, Get, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { markReplayed, orProblem, type Reply } from '@steelyard/rest/replies';
import { IdempotencyKey, ParsedBody, ParsedQuery, PathName } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import { movementReply, presentMovementOf } from '@steelyard/rest/transactions';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ManageTableHandler } from '../../../application/play-table/manage-table.handler.js';
import { ReadTableHandler } from '../../../application/play-table/read-table.handler.js';
import { presentTable } from './table.presenter.js';
import { cashOutBody, tablePolicyBody, tableQuery, tableReply } from './tables.dto.js';

const PARAMS = { tableId: 'table-7' };

@ApiTags('Tables')
@Controller('tables/:tableId')
export class TablesController {
  constructor(
    private readonly readTable: ReadTableHandler,
    private readonly manageTable: ManageTableHandler,
  ) {}

  @Get()
  @Access('readTable')
  @Operation({
    summary: 'The chips on a table',
    params: PARAMS,
    query: tableQuery,
    reply: tableReply,
    errors: ['INVALID_CURRENCY', 'TABLE_NOT_FOUND'],
  })
  async read(
    @PathName('tableId') tableId: string,
    @ParsedQuery(tableQuery) { currency = '' }: z.output<typeof tableQuery>,
  ): Promise<Reply> {
    return presentTable(orProblem(await this.readTable.table({ tableId, currency })));
  }

  @Put()
  @Access('setTablePolicy')
  @Operation({
    summary: 'Choose what happens to movements that the chips on a table do not cover',
    description: 'A table that is not used yet comes into being.',
    params: PARAMS,
    body: tablePolicyBody,
    reply: tableReply,
    errors: ['INVALID_CURRENCY', 'LIMIT_BELOW_USAGE'],
  })
  async setPolicy(
    @CurrentCaller() caller: Caller,
    @PathName('tableId') tableId: string,
    @ParsedBody(tablePolicyBody) body: z.output<typeof tablePolicyBody>,
  ): Promise<Reply> {
    return presentTable(orProblem(await this.manageTable.setPolicy(caller, { ...body, tableId })));
  }

  @Post('cash-outs')
  @Access('playTable')
  @Operation({
    summary: 'Move chips from a table to an account',
    params: PARAMS,
    body: cashOutBody,
    reply: movementReply,
    idempotencyKey: 'required',
    errors: [
      'INVALID_ACCOUNT_ID',
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'INSUFFICIENT_ESCROW',
      'ACCOUNT_NOT_FOUND',
      'ACCOUNT_CLOSED',
    ],
  })
  async cashOut(
    @CurrentCaller() caller: Caller,
    @PathName('tableId') tableId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(cashOutBody) body: z.output<typeof cashOutBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const posted = orProblem(await this.manageTable.cashOut(caller, key, { ...body, tableId }));
    markReplayed(reply, posted);
    return presentMovementOf(posted.transaction, body.accountId);
  }
}
