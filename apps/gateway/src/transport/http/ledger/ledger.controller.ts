import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ReadLedgerHandler } from '../../../application/read-ledger/read-ledger.handler.js';
import { VerifyLedgerHandler } from '../../../application/verify-ledger/verify-ledger.handler.js';
import { Access } from '../access/access.decorator.js';
import { orProblem } from '../json/or-problem.js';
import type { Reply } from '../json/to-json.js';
import { Operation } from '../openapi/operation.decorator.js';
import { ParsedBody, ParsedQuery, ReadableAccountId } from '../validation/request.decorators.js';
import {
  entriesQuery,
  entriesReply,
  ledgerStatusReply,
  verificationReply,
  verifyWalkBody,
  verifyWalkReply,
} from './ledger.dto.js';
import { presentEntries, presentStatus, presentVerification, presentWalk } from './ledger.presenter.js';

@ApiTags('Ledger')
@Controller()
export class LedgerController {
  constructor(
    private readonly readLedger: ReadLedgerHandler,
    private readonly verifyLedger: VerifyLedgerHandler,
  ) {}

  @Get('accounts/:id/ledger')
  @Access('readAccount')
  @Operation({
    summary: 'The chained entries of an account, newest first',
    params: { id: 'alice' },
    query: entriesQuery,
    reply: entriesReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_CURSOR', 'ACCOUNT_NOT_FOUND'],
  })
  async entries(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(entriesQuery) query: z.output<typeof entriesQuery>,
  ): Promise<Reply> {
    const { limit, cursor = '', from, to } = query;
    return presentEntries(
      orProblem(await this.readLedger.entries({ accountId, limit, cursor, fromMs: from, toMs: to })),
    );
  }

  @Get('ledger/accounts/:id/verify')
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

  @Get('ledger/status')
  @Access('readLedgerStatus')
  @Operation({ summary: 'What is verified, and whether the books balance', reply: ledgerStatusReply })
  async status(): Promise<Reply> {
    return presentStatus(await this.readLedger.status());
  }

  @Post('ledger/verify')
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
