import { Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Caller } from '@steelyard/rest/access';
import { CurrentOrigin, type RequestOrigin } from '@steelyard/rest/audit';
import { ManageApiKeysHandler } from '@steelyard/rest/api-keys';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { Operation } from '@steelyard/rest/schemas';
import { ParsedBody, ParsedQuery } from '@steelyard/rest/requests';
import { presentApiKey } from './api-key.presenter.js';
import { apiKeysQuery, apiKeysReply, createApiKeyBody, createdApiKeyReply } from './api-keys.dto.js';

const CREATED = 201;
const NO_CONTENT = 204;

@ApiTags('API keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ManageApiKeysHandler) {}

  @Post()
  @Access('manageApiKeys')
  @Operation({
    summary: 'Create an API key',
    description: 'The secret is shown in this reply and never again.',
    body: createApiKeyBody,
    reply: createdApiKeyReply,
    statuses: [CREATED],
  })
  async create(
    @CurrentCaller() caller: Caller,
    @CurrentOrigin() origin: RequestOrigin,
    @ParsedBody(createApiKeyBody) body: z.output<typeof createApiKeyBody>,
  ): Promise<Reply> {
    const { key, secret } = orProblem(await this.apiKeys.create({ caller, origin }, body));
    return { ...presentApiKey(key), secret };
  }

  @Get()
  @Access('manageApiKeys')
  @Operation({
    summary: 'List API keys, newest first',
    query: apiKeysQuery,
    reply: apiKeysReply,
    errors: ['INVALID_CURSOR'],
  })
  async list(@ParsedQuery(apiKeysQuery) query: z.output<typeof apiKeysQuery>): Promise<Reply> {
    const { limit, cursor } = query;
    const keys = orProblem(await this.apiKeys.list({ limit, cursor }));
    const last = keys.length === limit ? keys.at(-1) : undefined;
    return { keys: keys.map(presentApiKey), nextCursor: last?.keyId ?? null };
  }

  @Delete(':id')
  @Access('manageApiKeys')
  @Operation({
    summary: 'Revoke an API key',
    description: 'It opens nothing any more, here at once and on other gateways within ten seconds.',
    params: { id: 'aBcDeFgHiJkL' },
    statuses: [NO_CONTENT],
    errors: ['NOT_FOUND'],
  })
  async revoke(
    @CurrentCaller() caller: Caller,
    @CurrentOrigin() origin: RequestOrigin,
    @Param('id') id: string,
  ): Promise<void> {
    orProblem(await this.apiKeys.revoke({ caller, origin }, id));
  }
}
