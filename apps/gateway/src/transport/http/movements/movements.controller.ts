import { randomUUID } from 'node:crypto';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '../../../application/access/caller.js';
import { ChangeBalanceHandler } from '../../../application/change-balance/change-balance.handler.js';
import { DepositHandler } from '../../../application/deposit/deposit.handler.js';
import { WithdrawHandler } from '../../../application/withdraw/withdraw.handler.js';
import { Access } from '../access/access.decorator.js';
import { CurrentCaller } from '../access/caller.decorator.js';
import { markReplayed } from '../json/mark-replayed.js';
import { orProblem } from '../json/or-problem.js';
import type { Reply } from '../json/to-json.js';
import { changeBody, changeReply, depositBody, withdrawBody } from '../money/money.dto.js';
import { movementReply } from '../money/transaction.dto.js';
import { presentChange, presentMovement, presentValidation } from '../money/transaction.presenter.js';
import { Operation } from '../openapi/operation.decorator.js';
import { validationReply } from '../schemas/validation.dto.js';
import { AccountId, IdempotencyKey, ParsedBody } from '../validation/request.decorators.js';
import { replyWithInvalidChange } from './invalid-change.js';

const PARAMS = { id: 'alice' };
const MOVEMENT_ERRORS = [
  'INVALID_ACCOUNT_ID',
  'INVALID_AMOUNT',
  'AMOUNT_OUT_OF_RANGE',
  'INVALID_CURRENCY',
  'INVALID_METADATA',
  'CURRENCY_MISMATCH',
  'LIMIT_EXCEEDED',
  'ACCOUNT_NOT_FOUND',
  'ACCOUNT_FROZEN',
  'ACCOUNT_CLOSED',
] as const;

@ApiTags('Money')
@Controller('accounts')
export class MovementsController {
  constructor(
    private readonly depositHandler: DepositHandler,
    private readonly withdrawHandler: WithdrawHandler,
    private readonly changeBalance: ChangeBalanceHandler,
  ) {}

  @Post(':id/deposit')
  @Access('deposit')
  @Operation({
    summary: 'Deposit into an account',
    description: 'Creates the account if it is absent.',
    params: PARAMS,
    body: depositBody,
    reply: movementReply,
    idempotencyKey: 'required',
    errors: MOVEMENT_ERRORS,
  })
  async deposit(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(depositBody) body: z.output<typeof depositBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const posted = orProblem(await this.depositHandler.execute(caller, key, { ...body, accountId }));
    markReplayed(reply, posted);
    return presentMovement(posted.transaction);
  }

  @Post(':id/withdraw')
  @Access('withdraw')
  @Operation({
    summary: 'Withdraw from an account',
    params: PARAMS,
    body: withdrawBody,
    reply: movementReply,
    idempotencyKey: 'required',
    errors: [...MOVEMENT_ERRORS, 'INSUFFICIENT_BALANCE'],
  })
  async withdraw(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(withdrawBody) body: z.output<typeof withdrawBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const posted = orProblem(await this.withdrawHandler.execute(caller, key, { ...body, accountId }));
    markReplayed(reply, posted);
    return presentMovement(posted.transaction);
  }

  @Post(':id/changes')
  @Access('changeBalance')
  @Operation({
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
