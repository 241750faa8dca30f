import { Controller, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { markReplayed, orProblem, type Reply } from '@steelyard/rest/replies';
import {
  AccountId,
  IdempotencyKey,
  ParsedBody,
  ParsedQuery,
  ReadableAccountId,
} from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ReadReservationsHandler } from '../../../application/hold-funds/read-reservations.handler.js';
import { ReserveHandler } from '../../../application/hold-funds/reserve.handler.js';
import { presentReservation, presentReservations } from './reservation.presenter.js';
import { reservationReply, reservationsQuery, reservationsReply, reserveBody } from './reservations.dto.js';

const CREATED = 201;
const PARAMS = { id: 'alice' };

@ApiTags('Reservations')
@Controller('accounts')
export class AccountReservationsController {
  constructor(
    private readonly reserveHandler: ReserveHandler,
    private readonly readReservations: ReadReservationsHandler,
  ) {}

  @Post(':id/reservations')
  @Access('reserve')
  @Operation({
    id: 'reservations.reserve',
    summary: 'Hold funds of an account for a while',
    description: 'They stay in its balance and leave its available balance, until commit, release or expiry.',
    params: PARAMS,
    body: reserveBody,
    reply: reservationReply,
    statuses: [CREATED],
    idempotencyKey: 'required',
    errors: [
      'INVALID_ACCOUNT_ID',
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'INVALID_METADATA',
      'CURRENCY_MISMATCH',
      'INSUFFICIENT_BALANCE',
      'ACCOUNT_NOT_FOUND',
      'ACCOUNT_FROZEN',
      'ACCOUNT_CLOSED',
    ],
  })
  async reserve(
    @CurrentCaller() caller: Caller,
    @AccountId() accountId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(reserveBody) body: z.output<typeof reserveBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const reserved = orProblem(await this.reserveHandler.execute(caller, key, { ...body, accountId }));
    markReplayed(reply, reserved);
    return presentReservation(reserved.reservation);
  }

  @Get(':id/reservations')
  @Access('readAccount')
  @Operation({
    id: 'reservations.list',
    summary: 'The reservations of an account, newest first',
    params: PARAMS,
    query: reservationsQuery,
    reply: reservationsReply,
    errors: ['INVALID_ACCOUNT_ID', 'INVALID_CURSOR', 'ACCOUNT_NOT_FOUND'],
  })
  async list(
    @ReadableAccountId() accountId: string,
    @ParsedQuery(reservationsQuery) query: z.output<typeof reservationsQuery>,
  ): Promise<Reply> {
    const { status = '', limit, cursor = '' } = query;
    return presentReservations(
      orProblem(await this.readReservations.list({ accountId, status, limit, cursor })),
    );
  }
}
