import pg, { type ClientBase } from 'pg';
import { sqlStateOf } from './sqlstate.js';

const ROLE_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;
const INSUFFICIENT_PRIVILEGE = '42501';
const DUPLICATE_OBJECT = '42710';
const UNIQUE_VIOLATION = '23505';
/** "tuple concurrently updated": two sessions of different databases changed a shared catalog row. */
const INTERNAL_ERROR = 'XX000';
/** Another database's grant is over in milliseconds; that many in a row is something else. */
const ATTEMPTS_MAX = 5;

// Grants on one object at the same time fail in PostgreSQL, so sessions of one database take turns.
const TAKE_TURN = `select pg_advisory_xact_lock(hashtextextended('steelyard.ensure-role', 0))`;
const ROLE_EXISTS = 'select exists (select from pg_roles where rolname = $1) as exists';
// From version 16 on, membership alone does not allow SET ROLE.
const MAY_BECOME = `
  select pg_has_role(current_user, $1,
    case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end) as may`;
const CURRENT_USER = 'select quote_ident(current_user) as login';

/** The login may not do what is needed; the message tells the operator what to run. */
export class RoleSetupError extends Error {
  override readonly name = 'RoleSetupError';
}

/**
 * Creates a role without login when it is missing, makes the login a member of it, and grants it what the app
 * may do. Safe when several processes do it at once. The client must not be in a transaction.
 *
 * @param grants what comes between `grant` and `to`, constants of the code: `usage on schema balance`.
 * @throws RoleSetupError when the login may not do that.
 */
export async function ensureRole(client: ClientBase, role: string, grants: readonly string[]): Promise<void> {
  if (!ROLE_PATTERN.test(role)) throw new TypeError(`${role} is not a plain name for a role`);
  try {
    await retried(() => inOwnTransaction(client, () => setUp(client, role, grants)));
  } catch (error) {
    if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new RoleSetupError(await whatToRun(client, role), { cause: error });
  }
}

async function setUp(client: ClientBase, role: string, grants: readonly string[]): Promise<void> {
  const name = pg.escapeIdentifier(role);
  await client.query(TAKE_TURN);
  const found = await client.query<{ exists: boolean }>(ROLE_EXISTS, [role]);
  if (!found.rows[0]?.exists) await client.query(`create role ${name} nologin`);
  const member = await client.query<{ may: boolean }>(MAY_BECOME, [role]);
  if (!member.rows[0]?.may) await client.query(`grant ${name} to current_user`);
  for (const grant of grants) await client.query(`grant ${grant} to ${name}`);
}

async function inOwnTransaction(client: ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('begin isolation level read committed');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

// Roles belong to the whole server, the turns to one database: another database may be doing the same.
async function retried(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const state = sqlStateOf(error) ?? '';
      const raced = [DUPLICATE_OBJECT, UNIQUE_VIOLATION, INTERNAL_ERROR].includes(state);
      if (!raced || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}

async function whatToRun(client: ClientBase, role: string): Promise<string> {
  const { rows } = await client.query<{ login: string }>(CURRENT_USER);
  const login = rows[0]?.login ?? 'the login';
  return (
    `the database login ${login} may not set up the role ${role}; let a superuser run ` +
    `"create role ${role} nologin; grant ${role} to ${login}", or "alter role ${login} createrole", ` +
    `and make ${login} the owner of the schemas`
  );
}
