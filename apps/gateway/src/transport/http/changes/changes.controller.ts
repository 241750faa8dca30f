import { randomUUID } from 'node:crypto';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { MOVEMENT_ERRORS } from '@steelyard/rest/movements';
import { markReplayed, type Reply } from '@steelyard/rest/replies';
import { AccountId, IdempotencyKey, ParsedBody } from '@steelyard/rest/requests';
import { Operation, validationReply } from '@steelyard/rest/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ChangeBalanceHandler } from '../../../application/change-balance/change-balance.handler.js';
import { changeBody, changeReply } from '../money/money.dto.js';
import { presentChange, presentValidation } from '../money/money.presenter.js';
import { replyWithInvalidChange } from './invalid-change.js';

const PARAMS = { id: 'alice' };

@ApiTags('Money')
@Controller('accounts')
export class ChangesController {
  constructor(private readonly changeBalance: ChangeBalanceHandler) {}

  @Post(':id/changes')
  @Access('changeBalance')
  @Operation({
    id: 'movements.change',
    summary: 'Change a balance by a signed amount, for a business reason',
    description: 'A refused change is a problem that carries its validation.',
    params: PARAMS,
    body: changeBody,
    reply: changeReply,
    idempotencyKey: 'required',
    errors: [...MOVEMENT_ERRORS, 'INSUFFICIENT_BALANCE'],
  })
  async change(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(changeBody) body: z.output<typeof changeBody>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply | undefined> {
    const change = await this.changeBalance.execute(caller, key, { ...body, accountId });
    if (change.kind === 'changeRefused') return replyWithInvalidChange(request, reply, change);
    markReplayed(reply, change.posted);
    return presentChange(change, body);
  }

  @Post(':id/validate')
  @Access('validateChange')
  @Operation({
    id: 'movements.validate',
    summary: 'What would become of a change; nothing is written',
    params: PARAMS,
    body: changeBody,
    reply: validationReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_AMOUNT', 'AMOUNT_OUT_OF_RANGE', 'INVALID_METADATA'],
  })
  async validate(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @ParsedBody(changeBody) body: z.output<typeof changeBody>,
  ): Promise<Reply> {
    // No key of the caller's: a change that is only tried must not meet one that was made.
    const key = `dry-run:${randomUUID()}`;
    return presentValidation(await this.changeBalance.validate(caller, key, { ...body, accountId }));
  }
}
