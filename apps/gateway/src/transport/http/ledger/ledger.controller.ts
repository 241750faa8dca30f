import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ReadLedgerStatusHandler } from '../../../application/read-ledger-status/read-ledger-status.handler.js';
import { VerifyLedgerHandler } from '../../../application/verify-ledger/verify-ledger.handler.js';
import { Access } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { Operation } from '@steelyard/rest/schemas';
import { ParsedBody, ReadableAccountId, WhileWaiting } from '@steelyard/rest/requests';
import {
  ledgerStatusReply,
  LONG_CHECK,
  verificationReply,
  verifyStepBody,
  verifyStepReply,
  verifyWalkBody,
  verifyWalkReply,
} from './ledger.dto.js';
import {
  presentStatus,
  presentVerification,
  presentVerificationStep,
  presentWalk,
} from './ledger.presenter.js';

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
    description: `${LONG_CHECK} POST takes it step by step, as the steelyard command does.`,
    params: { id: 'alice' },
    reply: verificationReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND'],
  })
  async verifyAccount(
    @ReadableAccountId() accountId: string,
    @WhileWaiting() waiting: AbortSignal,
  ): Promise<Reply> {
    return presentVerification(orProblem(await this.verifyLedger.account(accountId, waiting)));
  }

  @Post('accounts/:id/verify')
  @Access('verifyAccount')
  @Operation({
    summary: 'Recompute the chain of an account step by step, for chains of many millions of entries',
    description:
      'Each step takes about a second. Send nextCursor again until it is null: only then is anything proved. A ' +
      'check that is given up leaves nothing behind.',
    params: { id: 'alice' },
    body: verifyStepBody,
    reply: verifyStepReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND', 'INVALID_CURSOR'],
  })
  async verifyAccountStep(
    @ReadableAccountId() accountId: string,
    @ParsedBody(verifyStepBody) { cursor = '' }: z.output<typeof verifyStepBody>,
  ): Promise<Reply> {
    const step = orProblem(await this.verifyLedger.accountStep(accountId, cursor));
    return presentVerificationStep(accountId, step);
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
