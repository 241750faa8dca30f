import { createPool, type Pool } from '@steelyard/platform/postgres';

/** A database that stands still for seconds answers later. */
const CONNECT_TIMEOUT_MS = 60_000;
const STATEMENT_TIMEOUT_MS = 120_000;

/** Connections of the test's own to a database, with all rights, that wait longer than those of the apps. */
export function patientPool(url: string, applicationName: string, sizeMax: number): Pool {
  const times = { connectTimeoutMs: CONNECT_TIMEOUT_MS, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  return createPool({ url, applicationName, sizeMax, ...times });
}
