import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ReadLedgerStatusHandler } from '../../../application/read-ledger-status/read-ledger-status.handler.js';
import { VerifyLedgerHandler } from '../../../application/verify-ledger/verify-ledger.handler.js';
import { Access } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { Operation } from '@steelyard/rest/schemas';
import { ParsedBody, ReadableAccountId } from '@steelyard/rest/requests';
import { ledgerStatusReply, verificationReply, verifyWalkBody, verifyWalkReply } from './ledger.dto.js';
import { presentStatus, presentVerification, presentWalk } from './ledger.presenter.js';

@ApiTags('Ledger')
@Controller('ledger')
export class LedgerController {
  constructor(
    private readonly readStatus: ReadLedgerStatusHandler,
    private readonly verifyLedger: VerifyLedgerHandler,
  ) {}

  @Get('accounts/:id/verify')
  @Access('verifyAccount')
  @Operation({
    summary: 'Recompute the whole chain of an account',
    params: { id: 'alice' },
    reply: verificationReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND'],
  })
  async verifyAccount(@ReadableAccountId() accountId: string): Promise<Reply> {
    return presentVerification(orProblem(await this.verifyLedger.account(accountId)));
  }

  @Get('status')
  @Access('readLedgerStatus')
  @Operation({ summary: 'What is verified, and whether the books balance', reply: ledgerStatusReply })
  async status(): Promise<Reply> {
    return presentStatus(await this.readStatus.execute());
  }

  @Post('verify')
  @Access('verifyLedger')
  @Operation({
    summary: 'Recompute the chains of the next accounts of a walk over all',
    description: 'Send nextCursor again until it is null. A walk that is given up leaves nothing behind.',
    body: verifyWalkBody,
    reply: verifyWalkReply,
    errors: ['INVALID_CURSOR'],
  })
  async verify(@ParsedBody(verifyWalkBody) body: z.output<typeof verifyWalkBody>): Promise<Reply> {
    const { cursor = '', limit } = body;
    return presentWalk(orProblem(await this.verifyLedger.walk({ cursor, limit })));
  }
}
