import { isReadRefusal, type ReadRefusal } from '../../src/application/read-refusal.js';

/** The result, which must not be a refusal. */
export async function granted<Result>(result: Promise<Result | ReadRefusal>): Promise<Result> {
  const settled = await result;
  if (isReadRefusal(settled)) throw new Error(`refused: ${settled.code} ${settled.message}`);
  return settled;
}
