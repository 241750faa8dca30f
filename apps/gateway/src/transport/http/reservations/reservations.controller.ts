import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { markReplayed, orProblem, type Reply } from '@steelyard/rest/replies';
import { IdempotencyKey, OptionalIdempotencyKey, ParsedBody } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ReadReservationsHandler } from '../../../application/hold-funds/read-reservations.handler.js';
import { ResolveReservationHandler } from '../../../application/hold-funds/resolve-reservation.handler.js';
import { readFactId } from '../ids.js';
import { presentReservation } from './reservation.presenter.js';
import { commitBody, extendBody, releaseBody, reservationReply } from './reservations.dto.js';

const PARAMS = { id: '0192a7c4-1f00-7003-8000-000000000100' };

@ApiTags('Reservations')
@Controller('reservations')
export class ReservationsController {
  constructor(
    private readonly readReservations: ReadReservationsHandler,
    private readonly resolveReservation: ResolveReservationHandler,
  ) {}

  @Get(':id')
  @Access('readReservation')
  @Operation({
    summary: 'Read a reservation',
    params: PARAMS,
    reply: reservationReply,
    errors: ['RESERVATION_NOT_FOUND'],
  })
  async read(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Reply> {
    const reservationId = readFactId(id, 'reservation');
    return presentReservation(orProblem(await this.readReservations.one(caller, reservationId)));
  }

  @Post(':id/commit')
  @Access('resolveReservation')
  @Operation({
    summary: 'Move what is held, or a part of it',
    description: 'The rest is released. Committing again gives the first answer.',
    params: PARAMS,
    body: commitBody,
    reply: reservationReply,
    idempotencyKey: 'required',
    errors: [
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'CAPTURE_EXCEEDS_HOLD',
      'LIMIT_EXCEEDED',
      'ACCOUNT_FROZEN',
      'ACCOUNT_CLOSED',
      'RESERVATION_NOT_FOUND',
      'RESERVATION_EXPIRED',
      'RESERVATION_NOT_HELD',
      'ALREADY_COMMITTED',
    ],
  })
  async commit(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @IdempotencyKey() idempotencyKey: string,
    @ParsedBody(commitBody) { amount }: z.output<typeof commitBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const request = { reservationId: readFactId(id, 'reservation'), idempotencyKey, amount };
    const committed = orProblem(await this.resolveReservation.commit(caller, request));
    markReplayed(reply, committed);
    return presentReservation(committed.reservation);
  }

  @Post(':id/release')
  @Access('resolveReservation')
  @Operation({
    summary: 'Give held funds back to the available balance',
    description: 'Releasing again, or what has expired, changes nothing and succeeds.',
    params: PARAMS,
    body: releaseBody,
    reply: reservationReply,
    idempotencyKey: 'optional',
    errors: ['RESERVATION_NOT_FOUND', 'ALREADY_COMMITTED'],
  })
  async release(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @OptionalIdempotencyKey() idempotencyKey: string | undefined,
    @ParsedBody(releaseBody) { reason }: z.output<typeof releaseBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const reservationId = readFactId(id, 'reservation');
    const request = { reservationId, idempotencyKey: idempotencyKey ?? '', reason };
    const released = orProblem(await this.resolveReservation.release(caller, request));
    markReplayed(reply, released);
    return presentReservation(released.reservation);
  }

  @Post(':id/extend')
  @Access('resolveReservation')
  @Operation({
    summary: 'Hold funds for longer, counted from now',
    params: PARAMS,
    body: extendBody,
    reply: reservationReply,
    idempotencyKey: 'optional',
    errors: ['RESERVATION_NOT_FOUND', 'RESERVATION_EXPIRED', 'RESERVATION_NOT_HELD', 'ALREADY_COMMITTED'],
  })
  async extend(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @OptionalIdempotencyKey() idempotencyKey: string | undefined,
    @ParsedBody(extendBody) { timeoutSeconds }: z.output<typeof extendBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const reservationId = readFactId(id, 'reservation');
    const request = { reservationId, idempotencyKey: idempotencyKey ?? '', timeoutSeconds };
    const extended = orProblem(await this.resolveReservation.extend(caller, request));
    markReplayed(reply, extended);
    return presentReservation(extended.reservation);
  }
}
