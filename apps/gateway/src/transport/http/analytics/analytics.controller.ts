import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { ParsedQuery } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { z } from 'zod';
import { ReadSupplyHandler } from '../../../application/read-supply/read-supply.handler.js';
import { supplyQuery, supplyReply } from './analytics.dto.js';
import { presentSupply } from './supply.presenter.js';

@ApiTags('Analytics')
@Controller('analytics')
export class AnalyticsController {
  constructor(private readonly readSupply: ReadSupplyHandler) {}

  @Get('supply')
  @Access('readSupply')
  @Operation({
    id: 'analytics.supply',
    summary: 'Where all units of a currency are, and where they came from',
    description: 'From committed facts, moments after them: when nothing moves, circulating equals issued.',
    query: supplyQuery,
    reply: supplyReply,
    errors: ['INVALID_CURRENCY'],
  })
  async supply(@ParsedQuery(supplyQuery) { currency }: z.output<typeof supplyQuery>): Promise<Reply> {
    return presentSupply(orProblem(await this.readSupply.execute(currency ?? '')));
  }
}
