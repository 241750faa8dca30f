import { Controller, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProblemError } from '@steelyard/platform/http';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '../access/caller.js';
import { OpenAccountHandler } from './open-account.handler.js';
import { ReadAccountHandler } from './read-account.handler.js';
import { ReadBalanceHandler } from './read-balance.handler.js';
import { Access } from '../guard/access.decorator.js';
import { CurrentCaller } from '../guard/caller.decorator.js';
import { orProblem } from '../replies/or-problem.js';
import { markReplayed } from '../replies/mark-replayed.js';
import type { Reply } from '../replies/to-json.js';
import { Operation } from '../schemas/operation.decorator.js';
import {
  AccountId,
  OptionalIdempotencyKey,
  ParsedBody,
  ParsedQuery,
  ReadableAccountId,
} from '../requests/request.decorators.js';
import { presentBalance, presentOpened, presentReadAccount } from './account.presenter.js';
import {
  accountReply,
  balanceQuery,
  balanceReply,
  openAccountBody,
  openedAccountReply,
} from './accounts.dto.js';

const CREATED = 201;
const PARAMS = { id: 'alice' };

@ApiTags('Accounts')
@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly openAccount: OpenAccountHandler,
    private readonly readAccount: ReadAccountHandler,
    private readonly readBalance: ReadBalanceHandler,
  ) {}

  @Post(':id')
  @Access('openAccount')
  @Operation({
    summary: 'Open an account',
    description: 'An account that exists is answered as it is. An initial balance needs an Idempotency-Key.',
    params: PARAMS,
    body: openAccountBody,
    reply: openedAccountReply,
    statuses: [200, CREATED],
    idempotencyKey: 'conditional',
    errors: [
      'INVALID_ACCOUNT_ID',
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'INVALID_CURRENCY',
      'INVALID_METADATA',
      'CURRENCY_MISMATCH',
      'LIMIT_EXCEEDED',
    ],
  })
  async open(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @OptionalIdempotencyKey() key: string | undefined,
    @ParsedBody(openAccountBody) body: z.output<typeof openAccountBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    if (key === undefined && (body.initialBalance ?? 0n) !== 0n) {
      throw new ProblemError('MISSING_IDEMPOTENCY_KEY', 'An initial balance needs an Idempotency-Key header');
    }
    const opened = orProblem(await this.openAccount.execute(caller, key ?? '', { ...body, accountId }));
    if (opened.created) reply.status(CREATED);
    markReplayed(reply, opened);
    return presentOpened(opened);
  }

  @Get(':id')
  @Access('readAccount')
  @Operation({
    summary: 'Read an account',
    params: PARAMS,
    reply: accountReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND'],
  })
  async read(@ReadableAccountId() accountId: string): Promise<Reply> {
    return presentReadAccount(orProblem(await this.readAccount.execute(accountId)));
  }

  @Get(':id/balance')
  @Access('readAccount')
  @Operation({
    summary: 'Read a balance, now or at an instant',
    description: 'By the effective clock an entry counts from its effectiveAt on, where it has one.',
    params: PARAMS,
    query: balanceQuery,
    reply: balanceReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND'],
  })
  async balance(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(balanceQuery) query: z.output<typeof balanceQuery>,
  ): Promise<Reply> {
    const { at, clock, minVersion } = query;
    const version = minVersion === undefined ? undefined : BigInt(minVersion);
    const request = { accountId, at, clock, minVersion: version };
    return presentBalance(orProblem(await this.readBalance.execute(request)));
  }
}
