import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProblemError } from '@steelyard/platform/http';
import type { Caller } from '@steelyard/rest/access';
import { Access, CurrentCaller } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { ParsedBody, ParsedQuery } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { z } from 'zod';
import { ReadProofsHandler } from '../../../application/read-proofs/read-proofs.handler.js';
import { VerifySealsHandler } from '../../../application/verify-seals/verify-seals.handler.js';
import { readEntryId } from '../ids.js';
import {
  checkpointReply,
  checkpointsQuery,
  checkpointsReply,
  consistencyQuery,
  consistencyReply,
  entryProofReply,
  proofQuery,
  signingKeysReply,
  verifySealsBody,
  verifySealsReply,
} from './proofs.dto.js';
import {
  presentCheckpoint,
  presentCheckpoints,
  presentConsistency,
  presentEntryProof,
  presentKeys,
  presentSealsVerification,
} from './proofs.presenter.js';

const LATEST = 'latest';
const TREE_SIZE_PATTERN = /^[1-9][0-9]{0,14}$/;
const ENTRY = { id: '0192a7c4-1f00-7003-8000-000000000101' };

@ApiTags('Proofs')
@Controller('ledger')
export class ProofsController {
  constructor(
    private readonly readProofs: ReadProofsHandler,
    private readonly verifySeals: VerifySealsHandler,
  ) {}

  @Get('checkpoints')
  @Access('readCheckpoints')
  @Operation({
    id: 'checkpoints.list',
    summary: 'Signed checkpoints of the ledger, newest first',
    query: checkpointsQuery,
    reply: checkpointsReply,
    errors: ['INVALID_CURSOR'],
  })
  async checkpoints(@ParsedQuery(checkpointsQuery) query: z.output<typeof checkpointsQuery>): Promise<Reply> {
    const { limit, cursor = '' } = query;
    return presentCheckpoints(orProblem(await this.readProofs.checkpoints({ limit, cursor })));
  }

  @Get('checkpoints/:treeSize')
  @Access('readCheckpoints')
  @Operation({
    id: 'checkpoints.get',
    summary: 'One checkpoint by its size, or the latest',
    params: { treeSize: LATEST },
    reply: checkpointReply,
    errors: ['CHECKPOINT_NOT_FOUND'],
  })
  async checkpoint(@Param('treeSize') treeSize: string): Promise<Reply> {
    return presentCheckpoint(orProblem(await this.readProofs.checkpoint(readTreeSize(treeSize))));
  }

  @Get('entries/:id/proof')
  @Access('readEntryProof')
  @Operation({
    id: 'entries.proof',
    summary: 'Prove that an entry lies under a checkpoint',
    description: 'The proof can be checked offline, with nothing but the public key.',
    params: ENTRY,
    query: proofQuery,
    reply: entryProofReply,
    errors: ['ENTRY_NOT_FOUND', 'ENTRY_NOT_SEALED', 'CHECKPOINT_NOT_FOUND', 'INTEGRITY_FAILURE'],
  })
  async entryProof(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @ParsedQuery(proofQuery) query: z.output<typeof proofQuery>,
  ): Promise<Reply> {
    const request = { entryId: readEntryId(id), treeSize: query.treeSize ?? 0n };
    return presentEntryProof(orProblem(await this.readProofs.entry(caller, request)));
  }

  @Get('consistency')
  @Access('readCheckpoints')
  @Operation({
    id: 'checkpoints.consistency',
    summary: 'Prove that the later of two checkpoints continues the earlier one',
    query: consistencyQuery,
    reply: consistencyReply,
    errors: ['CHECKPOINT_NOT_FOUND'],
  })
  async consistency(@ParsedQuery(consistencyQuery) query: z.output<typeof consistencyQuery>): Promise<Reply> {
    const request = { fromSize: query.from, toSize: query.to ?? 0n };
    return presentConsistency(orProblem(await this.readProofs.consistency(request)));
  }

  @Get('keys')
  @Access('readCheckpoints')
  @Operation({
    id: 'checkpoints.keys',
    summary: 'The public keys that checkpoints were signed with',
    reply: signingKeysReply,
  })
  async keys(): Promise<Reply> {
    return presentKeys(await this.readProofs.keys());
  }

  @Post('verify-seals')
  @Access('verifyLedger')
  @Operation({
    id: 'seals.verify',
    summary: 'Recompute the next seals from the entries, and compare them with a checkpoint that you kept',
    description: 'Send nextCursor again until it is null. A walk that is given up leaves nothing behind.',
    body: verifySealsBody,
    reply: verifySealsReply,
    errors: ['INVALID_CURSOR'],
  })
  async verify(@ParsedBody(verifySealsBody) body: z.output<typeof verifySealsBody>): Promise<Reply> {
    const { cursor = '', note = '' } = body;
    return presentSealsVerification(orProblem(await this.verifySeals.execute({ cursor, note })));
  }
}

/** 0: the latest. */
function readTreeSize(text: string): bigint {
  if (text === LATEST) return 0n;
  if (TREE_SIZE_PATTERN.test(text)) return BigInt(text);
  throw new ProblemError('INVALID_REQUEST', `treeSize must be a whole number from 1 on, or ${LATEST}`, {
    field: 'treeSize',
  });
}
