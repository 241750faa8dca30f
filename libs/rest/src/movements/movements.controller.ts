import { Controller, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '../access/caller.js';
import { DepositHandler } from './deposit.handler.js';
import { WithdrawHandler } from './withdraw.handler.js';
import { Access } from '../guard/access.decorator.js';
import { CurrentCaller } from '../guard/caller.decorator.js';
import { markReplayed } from '../replies/mark-replayed.js';
import { orProblem } from '../replies/or-problem.js';
import type { Reply } from '../replies/to-json.js';
import { depositBody, withdrawBody } from './movement.dto.js';
import { movementReply } from '../transactions/transaction.dto.js';
import { presentMovement } from '../transactions/transaction.presenter.js';
import { Operation } from '../schemas/operation.decorator.js';
import { AccountId, IdempotencyKey, ParsedBody } from '../requests/request.decorators.js';

const PARAMS = { id: 'alice' };
/** For which any movement of one account may be refused. */
export const MOVEMENT_ERRORS = [
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
}
