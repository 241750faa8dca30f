import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { ParsedBody, ParsedQuery, ReadableAccountId, WhileWaiting } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { z } from 'zod';
import { ReconcileHandler } from '../../../application/reconcile/reconcile.handler.js';
import { LONG_CHECK } from './ledger.dto.js';
import {
  incidentsQuery,
  incidentsReply,
  reconcileBody,
  reconciledReply,
  reconcileWalkBody,
  reconcileWalkReply,
  validationOfAccountReply,
} from './reconciliation.dto.js';
import {
  presentAccountValidation,
  presentIncidents,
  presentReconciled,
  presentReconcileWalk,
} from './reconciliation.presenter.js';

const PARAMS = { id: 'alice' };

@ApiTags('Reconciliation')
@Controller('ledger')
export class ReconciliationController {
  constructor(private readonly reconcile: ReconcileHandler) {}

  @Post('accounts/:id/validate')
  @Access('validateAccount')
  @Operation({
    id: 'reconciliation.validateAccount',
    summary: 'Compare an account with its entries and its open reservations',
    description: `Changes nothing. The stored balance, the last entry, the sum of all entries, holds and every checksum. ${LONG_CHECK}`,
    params: PARAMS,
    reply: validationOfAccountReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND'],
  })
  async validateAccount(
    @ReadableAccountId() accountId: string,
    @WhileWaiting() waiting: AbortSignal,
  ): Promise<Reply> {
    return presentAccountValidation(orProblem(await this.reconcile.validate(accountId, waiting)));
  }

  @Post('accounts/:id/reconcile')
  @Access('reconcile')
  @Operation({
    id: 'reconciliation.reconcileAccount',
    summary: 'Restore an account to what the ledger says',
    description: `History is never edited. Refused when the ledger itself does not hold there. ${LONG_CHECK}`,
    params: PARAMS,
    body: reconcileBody,
    reply: reconciledReply,
    errors: ['INVALID_ACCOUNT_ID', 'ACCOUNT_NOT_FOUND', 'INTEGRITY_FAILURE'],
  })
  async reconcileAccount(
    @CurrentCaller() caller: Caller,
    @ReadableAccountId() accountId: string,
    @ParsedBody(reconcileBody) { reason }: z.output<typeof reconcileBody>,
    @WhileWaiting() waiting: AbortSignal,
  ): Promise<Reply> {
    const request = { accountId, reason };
    return presentReconciled(orProblem(await this.reconcile.account(caller, request, waiting)));
  }

  @Post('reconcile')
  @Access('reconcile')
  @Operation({
    id: 'reconciliation.reconcileAccounts',
    summary: 'Compare the next accounts of a walk over all, and restore those that have drifted',
    description: 'Send nextCursor again until it is null. A walk that is given up leaves nothing behind.',
    body: reconcileWalkBody,
    reply: reconcileWalkReply,
    errors: ['INVALID_CURSOR'],
  })
  async reconcileAccounts(
    @CurrentCaller() caller: Caller,
    @ParsedBody(reconcileWalkBody) body: z.output<typeof reconcileWalkBody>,
    @WhileWaiting() waiting: AbortSignal,
  ): Promise<Reply> {
    const { cursor = '', ...options } = body;
    const request = { ...options, cursor };
    return presentReconcileWalk(orProblem(await this.reconcile.walk(caller, request, waiting)));
  }

  @Get('incidents')
  @Access('readIncidents')
  @Operation({
    id: 'reconciliation.listIncidents',
    summary: 'What verification and reconciliation found wrong, newest first',
    query: incidentsQuery,
    reply: incidentsReply,
    errors: ['INVALID_CURSOR'],
  })
  async incidents(@ParsedQuery(incidentsQuery) query: z.output<typeof incidentsQuery>): Promise<Reply> {
    const { cursor = '', type = '', status = '', accountId = '', limit } = query;
    return presentIncidents(
      orProblem(await this.reconcile.incidents({ cursor, type, status, accountId, limit })),
    );
  }
}
