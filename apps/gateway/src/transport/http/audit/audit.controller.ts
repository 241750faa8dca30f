import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { ParsedBody, ParsedQuery, ReadableAccountId } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { z } from 'zod';
import { AuditTrailHandler } from '../../../application/audit/audit-trail.handler.js';
import {
  accountRecordsQuery,
  auditRecordsReply,
  changesQuery,
  erasureBody,
  erasureReply,
  verifyTrailBody,
  verifyTrailReply,
} from './audit.dto.js';
import { presentRecords, presentTrailVerification } from './audit.presenter.js';

const HOUR_MS = 3_600_000;
const HOURS_DEFAULT = 24;

@ApiTags('Audit')
@Controller('audit')
export class AuditController {
  constructor(private readonly trail: AuditTrailHandler) {}

  @Get('changes')
  @Access('readAuditTrail')
  @Operation({
    id: 'audit.changes',
    summary: 'Who did what, newest first',
    description: 'The period is fixed when the first page is read: later pages keep it.',
    query: changesQuery,
    reply: auditRecordsReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_CURSOR'],
  })
  async changes(@ParsedQuery(changesQuery) query: z.output<typeof changesQuery>): Promise<Reply> {
    const { accountId = '', agentId = '', limit, cursor = '' } = query;
    return presentRecords(
      orProblem(await this.trail.list({ accountId, agentId, limit, cursor, ...periodOf(query) })),
    );
  }

  @Get('accounts/:id')
  @Access('readAuditTrail')
  @Operation({
    id: 'audit.account',
    summary: 'Who did what to one account, newest first',
    params: { id: 'alice' },
    query: accountRecordsQuery,
    reply: auditRecordsReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_CURSOR'],
  })
  async account(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(accountRecordsQuery) query: z.output<typeof accountRecordsQuery>,
  ): Promise<Reply> {
    const { from: fromMs, to: toMs, limit, cursor = '' } = query;
    const request = { accountId, agentId: '', fromMs, toMs, limit, cursor };
    return presentRecords(orProblem(await this.trail.list(request)));
  }

  @Post('erasures')
  @Access('erasePersonalData')
  @Operation({
    id: 'audit.erase',
    summary: 'Erase the personal data of one person from all records',
    description:
      'The chain stays whole, and the erasure is a record itself. At most 100,000 records a call: send it again until nothing is erased.',
    body: erasureBody,
    reply: erasureReply,
  })
  async erase(
    @CurrentCaller() caller: Caller,
    @ParsedBody(erasureBody) body: z.output<typeof erasureBody>,
  ): Promise<Reply> {
    const { erased } = orProblem(await this.trail.erase(caller, body));
    return { erased };
  }

  @Post('verify')
  @Access('verifyAuditTrail')
  @Operation({
    id: 'audit.verify',
    summary: 'Recompute the next records of a walk over the whole audit trail',
    description: 'Send nextCursor again until it is null. A walk that is given up leaves nothing behind.',
    body: verifyTrailBody,
    reply: verifyTrailReply,
    errors: ['INVALID_CURSOR'],
  })
  async verify(@ParsedBody(verifyTrailBody) body: z.output<typeof verifyTrailBody>): Promise<Reply> {
    return presentTrailVerification(orProblem(await this.trail.verify(body.cursor ?? '')));
  }
}

function periodOf({ hours, from, to }: z.output<typeof changesQuery>): {
  readonly fromMs: bigint | undefined;
  readonly toMs: bigint | undefined;
} {
  if (hours === undefined && (from !== undefined || to !== undefined)) return { fromMs: from, toMs: to };
  return { fromMs: BigInt(Date.now() - (hours ?? HOURS_DEFAULT) * HOUR_MS), toMs: to };
}
