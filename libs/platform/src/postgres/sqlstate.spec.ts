import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { QueryFailedError } from 'typeorm';
import { constraintOf, isOutage, isSerializationConflict, OutageError, sqlStateOf } from './index.js';

function answered(code: string, constraint?: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('Connection terminated', 21, 'error'), { code, constraint });
}

describe('SQLSTATE classification', () => {
  it.each(['08000', '08006', '57P01', '57P02', '57P03', '53300', '53100', '57014', '55P03'])(
    '%s is an outage',
    (code) => {
      expect(isOutage(answered(code))).toBe(true);
    },
  );

  it.each(['23505', '23514', '42P01', '40001', '28P01', '22003'])(
    '%s is not an outage, whatever its text',
    (code) => {
      expect(isOutage(answered(code))).toBe(false);
    },
  );

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])(
    '%s of Node is an outage',
    (code) => {
      expect(isOutage(Object.assign(new Error('x'), { code }))).toBe(true);
    },
  );

  it('does not read message texts', () => {
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(false);
  });

  it('takes no SQLSTATE from errors of Node, although EPIPE has five capitals', () => {
    expect(sqlStateOf(Object.assign(new Error('x'), { code: 'EPIPE' }))).toBeUndefined();
  });

  it.each(['40001', '40P01'])('%s is a conflict', (code) => {
    expect(isSerializationConflict(answered(code))).toBe(true);
  });

  it('finds the answer inside of what TypeORM and we wrap around it', () => {
    const wrapped = new OutageError('x', { cause: new QueryFailedError('select 1', [], answered('57P01')) });
    expect(sqlStateOf(wrapped)).toBe('57P01');
  });

  it('names the constraint', () => {
    const error = new QueryFailedError('insert', [], answered('23514', 'no_overdraft'));
    expect(constraintOf(error)).toBe('no_overdraft');
  });

  it('ends at a cause that is its own', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(isOutage(error)).toBe(false);
  });
});
