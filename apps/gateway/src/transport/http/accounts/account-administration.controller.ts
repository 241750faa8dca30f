import { Controller, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { accountReply, presentAccount } from '@steelyard/rest/accounts';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { AccountId, ParsedBody } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { z } from 'zod';
import {
  SetAccountStatusHandler,
  type SetAccountStatusRequest,
} from '../../../application/set-account-status/set-account-status.handler.js';
import { UpdateAccountHandler } from '../../../application/update-account/update-account.handler.js';
import { setStatusBody, updateAccountBody } from './account-administration.dto.js';

const PARAMS = { id: 'alice' };

@ApiTags('Accounts')
@Controller('accounts')
export class AccountAdministrationController {
  constructor(
    private readonly updateAccount: UpdateAccountHandler,
    private readonly setAccountStatus: SetAccountStatusHandler,
  ) {}

  @Patch(':id')
  @Access('administerAccount')
  @Operation({
    id: 'accounts.update',
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
    id: 'accounts.freeze',
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
    id: 'accounts.unfreeze',
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
    id: 'accounts.close',
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
