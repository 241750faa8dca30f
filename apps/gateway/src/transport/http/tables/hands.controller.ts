import { Controller, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { markReplayed, orProblem, type Reply } from '@steelyard/rest/replies';
import {
  IdempotencyKey,
  OptionalIdempotencyKey,
  ParsedBody,
  ParsedQuery,
  PathName,
} from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { PotChanged } from '../../../application/play-table/pot-changed.js';
import { PlayHandHandler } from '../../../application/play-table/play-hand.handler.js';
import { ReadTableHandler } from '../../../application/play-table/read-table.handler.js';
import { payoutOf } from './payout.js';
import { presentPot, presentPotChange } from './table.presenter.js';
import {
  cancelBody,
  contributionBody,
  potChangeReply,
  potQuery,
  potReply,
  returnBody,
  settleBody,
} from './tables.dto.js';

const PARAMS = { tableId: 'table-7', handId: 'hand-1' };

@ApiTags('Tables')
@Controller('tables/:tableId/hands/:handId')
export class HandsController {
  constructor(
    private readonly playHand: PlayHandHandler,
    private readonly readTable: ReadTableHandler,
  ) {}

  @Get()
  @Access('readTable')
  @Operation({
    summary: 'The pot of a hand',
    params: PARAMS,
    query: potQuery,
    reply: potReply,
    errors: ['POT_NOT_FOUND'],
  })
  async pot(
    @PathName('tableId') tableId: string,
    @PathName('handId') handId: string,
    @ParsedQuery(potQuery) { folded }: z.output<typeof potQuery>,
  ): Promise<Reply> {
    return presentPot(orProblem(await this.readTable.pot({ tableId, handId }, folded)));
  }

  @Post('contributions')
  @Access('playTable')
  @Operation({
    summary: 'Move chips of one seat from the table to the pot',
    params: PARAMS,
    body: contributionBody,
    reply: potChangeReply,
    idempotencyKey: 'required',
    errors: [
      'INVALID_ACCOUNT_ID',
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'INVALID_CURRENCY',
      'CURRENCY_MISMATCH',
      'INSUFFICIENT_ESCROW',
      'POT_NOT_ACTIVE',
    ],
  })
  async contribute(
    @CurrentCaller() caller: Caller,
    @PathName('tableId') tableId: string,
    @PathName('handId') handId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(contributionBody) body: z.output<typeof contributionBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    return presentChange(
      reply,
      orProblem(await this.playHand.contribute(caller, key, { ...body, tableId, handId })),
    );
  }

  @Post('returns')
  @Access('playTable')
  @Operation({
    id: 'hands.return',
    summary: 'Give an uncalled bet back to its seat',
    params: PARAMS,
    body: returnBody,
    reply: potChangeReply,
    idempotencyKey: 'required',
    errors: [
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'POT_NOT_FOUND',
      'POT_NOT_ACTIVE',
      'RETURN_EXCEEDS_CONTRIBUTION',
    ],
  })
  async returnContribution(
    @CurrentCaller() caller: Caller,
    @PathName('tableId') tableId: string,
    @PathName('handId') handId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(returnBody) body: z.output<typeof returnBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    return presentChange(
      reply,
      orProblem(await this.playHand.returnContribution(caller, key, { ...body, tableId, handId })),
    );
  }

  @Post('settle')
  @Access('playTable')
  @Operation({
    summary: 'Pay the pot out, all or nothing',
    description: 'Settling a settled pot succeeds and pays nothing.',
    params: PARAMS,
    body: settleBody,
    reply: potChangeReply,
    idempotencyKey: 'required',
    errors: [
      'INVALID_ACCOUNT_ID',
      'INVALID_AMOUNT',
      'AMOUNT_OUT_OF_RANGE',
      'CURRENCY_MISMATCH',
      'ACCOUNT_CLOSED',
      'POT_NOT_FOUND',
      'POT_NOT_ACTIVE',
    ],
  })
  async settle(
    @CurrentCaller() caller: Caller,
    @PathName('tableId') tableId: string,
    @PathName('handId') handId: string,
    @IdempotencyKey() key: string,
    @ParsedBody(settleBody) body: z.output<typeof settleBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    const request = { tableId, handId, payout: payoutOf(body), rake: body.rake };
    return presentChange(reply, orProblem(await this.playHand.settle(caller, key, request)));
  }

  @Post('cancel')
  @Access('playTable')
  @Operation({
    summary: 'Give every contribution back to the table',
    description: 'Cancelling a cancelled pot succeeds.',
    params: PARAMS,
    body: cancelBody,
    reply: potChangeReply,
    idempotencyKey: 'optional',
    errors: ['POT_NOT_FOUND', 'POT_NOT_ACTIVE'],
  })
  async cancel(
    @CurrentCaller() caller: Caller,
    @PathName('tableId') tableId: string,
    @PathName('handId') handId: string,
    @OptionalIdempotencyKey() key: string | undefined,
    @ParsedBody(cancelBody) { reason }: z.output<typeof cancelBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Reply> {
    return presentChange(
      reply,
      orProblem(await this.playHand.cancel(caller, key ?? '', { tableId, handId, reason })),
    );
  }
}

function presentChange(reply: FastifyReply, changed: PotChanged): Reply {
  markReplayed(reply, changed);
  return presentPotChange(changed.pot);
}
