import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ReadAccountHandler } from '../../../application/read-account/read-account.handler.js';
import { Access } from '../access/access.decorator.js';
import { presentAccountBalance } from '../accounts/account.presenter.js';
import { holderBalancesReply } from '../accounts/accounts.dto.js';
import { isoInstant } from '../json/iso-instant.js';
import { orProblem } from '../json/or-problem.js';
import type { Reply } from '../json/to-json.js';
import { Operation } from '../openapi/operation.decorator.js';
import { name } from '../validation/fields.js';
import { parseAs } from '../validation/parse.js';

@ApiTags('Accounts')
@Controller('holders')
export class HoldersController {
  constructor(private readonly readAccount: ReadAccountHandler) {}

  @Get(':id/balances')
  @Access('readHolder')
  @Operation({
    summary: 'The balances of all accounts of a holder',
    description: 'A holder without accounts has no balances.',
    params: { id: 'alice' },
    reply: holderBalancesReply,
  })
  async balances(@Param('id') id: string): Promise<Reply> {
    const holderId = orProblem(parseAs(name, id));
    const { accounts, asOfMs } = await this.readAccount.ofHolder(holderId);
    return {
      holderId,
      balances: accounts.map((account) => presentAccountBalance(account, asOfMs)),
      asOf: isoInstant(asOfMs),
    };
  }
}
