import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { presentAccountBalance, ReadAccountHandler } from '@steelyard/rest/accounts';
import { Access } from '@steelyard/rest/guard';
import { isoInstant, orProblem, type Reply } from '@steelyard/rest/replies';
import { Operation } from '@steelyard/rest/schemas';
import { name, parseAs } from '@steelyard/rest/requests';
import { holderBalancesReply } from './holders.dto.js';

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
    const { accounts, asOfMs, stale: isStale } = await this.readAccount.ofHolder(holderId);
    return {
      holderId,
      balances: accounts.map((account) => presentAccountBalance(account, { asOfMs, isStale })),
      asOf: isoInstant(asOfMs),
    };
  }
}
