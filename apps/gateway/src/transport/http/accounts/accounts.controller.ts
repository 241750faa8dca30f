import { Controller, Get, Patch, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProblemError } from '@steelyard/platform/http';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '../../../application/access/caller.js';
import { OpenAccountHandler } from '../../../application/open-account/open-account.handler.js';
import { ReadAccountHandler } from '../../../application/read-account/read-account.handler.js';
import { ReadBalanceHandler } from '../../../application/read-balance/read-balance.handler.js';
import {
  SetAccountStatusHandler,
  type SetAccountStatusRequest,
} from '../../../application/set-account-status/set-account-status.handler.js';
import { UpdateAccountHandler } from '../../../application/update-account/update-account.handler.js';
import { Access } from '../access/access.decorator.js';
import { CurrentCaller } from '../access/caller.decorator.js';
import { orProblem } from '../json/or-problem.js';
import { markReplayed } from '../json/mark-replayed.js';
import type { Reply } from '../json/to-json.js';
import { Operation } from '../openapi/operation.decorator.js';
import {
  AccountId,
  OptionalIdempotencyKey,
  ParsedBody,
  ParsedQuery,
  ReadableAccountId,
} from '../validation/request.decorators.js';
import { presentAccount, presentBalance, presentOpened } from './account.presenter.js';
import {
  accountReply,
  balanceQuery,
  balanceReply,
  openAccountBody,
  openedAccountReply,
  setStatusBody,
  updateAccountBody,
} from './accounts.dto.js';

const CREATED = 201;
const PARAMS = { id: 'alice' };

@ApiTags('Accounts')
@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly openAccount: OpenAccountHandler,
    private readonly updateAccount: UpdateAccountHandler,
    private readonly setAccountStatus: SetAccountStatusHandler,
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
    idempotencyKey: 'optional',
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
    return presentAccount(orProblem(await this.readAccount.execute(accountId)));
  }

  @Get(':id/balance')
  @Access('readAccount')
  @Operation({
    summary: 'Read a balance, now or at an instant',
    params: PARAMS,
    query: balanceQuery,
    reply: balanceReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND'],
  })
  async balance(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(balanceQuery) query: z.output<typeof balanceQuery>,
  ): Promise<Reply> {
    const { at, minVersion } = query;
    const request = { accountId, at, minVersion: minVersion === undefined ? undefined : BigInt(minVersion) };
    return presentBalance(orProblem(await this.readBalance.execute(request)));
  }

  @Patch(':id')
  @Access('administerAccount')
  @Operation({
    summary: 'Change what is known about an account, and its limits',
    params: PARAMS,
    body: updateAccountBody,
    reply: accountReply,
    errors: [
      'INVALID_ACCOUNT_ID',
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'INVALID_METADATA',
      'ACCOUNT_NOT_FOUND',
      'ACCOUNT_CLOSED',
      'LIMIT_BELOW_USAGE',
    ],
  })
  async update(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @ParsedBody(updateAccountBody) body: z.output<typeof updateAccountBody>,
  ): Promise<Reply> {
    const updated = orProblem(await this.updateAccount.execute(caller, accountId, body));
    return presentAccount(updated.account);
  }

  @Post(':id/freeze')
  @Access('administerAccount')
  @Operation({
    summary: 'Freeze an account: no money goes out or in',
    params: PARAMS,
    body: setStatusBody,
    reply: accountReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_CLOSED'],
  })
  freeze(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @ParsedBody(setStatusBody) body: z.output<typeof setStatusBody>,
  ): Promise<Reply> {
    return this.#setStatus(caller, accountId, { status: 'frozen', reason: body.reason });
  }

  @Post(':id/unfreeze')
  @Access('administerAccount')
  @Operation({
    summary: 'Unfreeze an account',
    params: PARAMS,
    body: setStatusBody,
    reply: accountReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_CLOSED'],
  })
  unfreeze(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @ParsedBody(setStatusBody) body: z.output<typeof setStatusBody>,
  ): Promise<Reply> {
    return this.#setStatus(caller, accountId, { status: 'active', reason: body.reason });
  }

  @Post(':id/close')
  @Access('administerAccount')
  @Operation({
    summary: 'Close an empty account',
    params: PARAMS,
    body: setStatusBody,
    reply: accountReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_NOT_EMPTY', 'ACCOUNT_FROZEN'],
  })
  close(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @ParsedBody(setStatusBody) body: z.output<typeof setStatusBody>,
  ): Promise<Reply> {
    return this.#setStatus(caller, accountId, { status: 'closed', reason: body.reason });
  }

  async #setStatus(caller: Caller, accountId: string, request: SetAccountStatusRequest): Promise<Reply> {
    const changed = orProblem(await this.setAccountStatus.execute(caller, accountId, request));
    return presentAccount(changed.account);
  }
}
