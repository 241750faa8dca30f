import type { MigrationInterface, QueryRunner } from 'typeorm';

/** TypeORM reads a migration's place from the last 13 characters of its class's name. */
const PLACE_DIGITS = 13;
const NUMBER_MAX = 9_999;

export type MigrationClass = new () => MigrationInterface;

/**
 * A forward-only migration that runs SQL as it is.
 *
 * @param number its place, from 1, as in the name of its file.
 */
export function sqlMigration(number: number, name: string, sql: string): MigrationClass {
  if (!Number.isInteger(number) || number < 1 || number > NUMBER_MAX) {
    throw new RangeError(`a migration's number is 1 to ${NUMBER_MAX}`);
  }
  return class implements MigrationInterface {
    readonly name = `${name}-${String(number).padStart(PLACE_DIGITS, '0')}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }

    async down(): Promise<void> {
      throw new Error('migrations go forward only: write the next one');
    }
  };
}
