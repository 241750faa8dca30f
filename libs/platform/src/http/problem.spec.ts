import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { OutageError } from '../outage/index.js';
import { ProblemError, problemFor } from './index.js';
import { problemOfFailure } from './problem-of-failure.js';

function fromFastify(code: string, statusCode: number): Error {
  const origin = Object.assign(new Error('as Fastify says'), { code, statusCode });
  return new HttpException(origin.message, statusCode, { cause: origin });
}

describe('problemOfFailure', () => {
  it.each([
    [fromFastify('FST_ERR_CTP_INVALID_JSON_BODY', 400), 'INVALID_JSON'],
    [fromFastify('FST_ERR_CTP_EMPTY_JSON_BODY', 400), 'INVALID_JSON'],
    [fromFastify('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'PAYLOAD_TOO_LARGE'],
    [fromFastify('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'UNSUPPORTED_MEDIA_TYPE'],
    [fromFastify('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400), 'INVALID_REQUEST'],
    [Object.assign(new SyntaxError('forbidden prototype property'), { statusCode: 400 }), 'INVALID_JSON'],
    [new NotFoundException('Cannot GET /x'), 'NOT_FOUND'],
    [new BadRequestException('no'), 'INVALID_REQUEST'],
    [new HttpException('slow down', 429), 'RATE_LIMITED'],
    [new OutageError('db'), 'UNAVAILABLE'],
    [new HttpException('broken', 502), 'INTERNAL'],
    [new Error('bug'), 'INTERNAL'],
    ['a string', 'INTERNAL'],
  ])('%s becomes %s', (failure, code) => {
    expect(problemOfFailure(failure).code).toBe(code);
  });

  it('tells nothing about an unknown error', () => {
    expect(problemOfFailure(new Error('select * from secrets')).detail).toBe(
      'Something went wrong on our side',
    );
  });

  it('asks to come back after an outage', () => {
    expect(problemOfFailure(new OutageError('db')).details.retryAfterSeconds).toBe(1);
  });
});

describe('problemFor', () => {
  it('has the members of RFC 9457 and ours', () => {
    const problem = new ProblemError('INVALID_AMOUNT', 'amount must be a whole number', { field: 'amount' });
    expect(problemFor(problem, '/api/accounts/a/deposit', 'c-1')).toEqual({
      type: 'urn:steelyard:problem:invalid-amount',
      title: 'The amount is malformed',
      status: 400,
      detail: 'amount must be a whole number',
      instance: '/api/accounts/a/deposit',
      error: 'INVALID_AMOUNT',
      message: 'amount must be a whole number',
      retryable: false,
      field: 'amount',
      correlationId: 'c-1',
    });
  });
});
