import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertsV1, ledgerV1, proofsV1, reconciliationV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { freePort, startApp, type RunningApp } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { startBalance, type BalanceStack } from '../support/balance-stack.js';
import { LedgerVandal } from './support/ledger-vandal.js';
import { deposit, transfer } from './support/wire-commands.js';

const CALL_DEADLINE_MS = 60_000;
const NEVER_MS = '3600000';
const JOBS = {
  LEDGER_VERIFY_INTERVAL_MS: '50',
  LEDGER_RECONCILE_INTERVAL_MS: '50',
  LEDGER_RECONCILE_CYCLE_MS: '50',
  // What has drifted stays until a test has seen it.
  LEDGER_RECONCILE_MODE: 'report',
  LEDGER_WALK_INTERVAL_MS: '50',
  LEDGER_WALK_CYCLE_MS: '50',
  LEDGER_SEAL_INTERVAL_MS: '50',
  // What the seals say is asked for by the tests.
  LEDGER_SEAL_VERIFY_INTERVAL_MS: NEVER_MS,
};

const ENTRY_4 = `account_id = 'alice' and sequence = 4`;
const FACT_OF_4 = `(bucket, sequence) = (select bucket, fact_sequence from ledger.entries where ${ENTRY_4})`;
const COPY_OF_LAST = `fact_sequence, bucket, ordinal, hash_version, account_id, checksum
  from ledger.entries where account_id = 'alice' and sequence = 9`;

/** What is done to entry 4 of the nine that alice has, and the first bad sequence. */
const TAMPERINGS: readonly (readonly [what: string, sql: string, sequence: bigint])[] = [
  ['the amount', `update ledger.entries set amount = amount + 1 where ${ENTRY_4}`, 4n],
  ['the balance after', `update ledger.entries set balance_after = balance_after + 1 where ${ENTRY_4}`, 4n],
  ['the checksum', `update ledger.entries set checksum = sha256(checksum) where ${ENTRY_4}`, 4n],
  ['the ordinal', `update ledger.entries set ordinal = ordinal + 5 where ${ENTRY_4}`, 4n],
  ['the hash version', `update ledger.entries set hash_version = 2 where ${ENTRY_4}`, 4n],
  ['the fact', `update ledger.entries set fact_sequence = fact_sequence - 1 where ${ENTRY_4}`, 4n],
  ['the account', `update ledger.entries set account_id = 'mallory' where ${ENTRY_4}`, 4n],
  ['the bucket', `update ledger.entries set bucket = (bucket + 1) % 8 where ${ENTRY_4}`, 4n],
  ['the sequence', `update ledger.entries set sequence = 40 where ${ENTRY_4}`, 4n],
  ['the metadata', `update balance.facts set data = '{"reason":"forged"}' where ${FACT_OF_4}`, 4n],
  ['the time', `update balance.facts set committed_at_ms = committed_at_ms + 1 where ${FACT_OF_4}`, 4n],
  ['the type', `update balance.facts set kind = 9 where ${FACT_OF_4}`, 4n],
  ['the home bucket', `update balance.facts set home_bucket = 1, home_sequence = 1 where ${FACT_OF_4}`, 4n],
  ['a fact deleted', `delete from balance.facts where ${FACT_OF_4}`, 4n],
  ['an entry deleted', `delete from ledger.entries where ${ENTRY_4}`, 4n],
  [
    'entries swapped',
    `update ledger.entries set sequence = sequence + 100 where account_id = 'alice' and sequence in (4, 5);
     update ledger.entries set sequence = 109 - sequence where account_id = 'alice' and sequence > 100`,
    4n,
  ],
  [
    'an entry inserted',
    `update ledger.entries set sequence = sequence + 100 where account_id = 'alice' and sequence > 3;
     update ledger.entries set sequence = sequence - 99 where account_id = 'alice' and sequence > 100;
     insert into ledger.entries
     select 4, 5, balance_after + 5, fact_sequence, bucket, ordinal, hash_version, account_id, checksum
     from ledger.entries where account_id = 'alice' and sequence = 3`,
    4n,
  ],
  ['an entry appended', `insert into ledger.entries select 10, 5, balance_after + 5, ${COPY_OF_LAST}`, 10n],
  ['the tail cut off', `delete from ledger.entries where account_id = 'alice' and sequence > 6`, 7n],
  [
    'the tail cut off and the account set back',
    `delete from ledger.entries where account_id = 'alice' and sequence > 6;
     update balance.accounts as account set sequence = 6, balance = entry.balance_after, checksum = entry.checksum
     from ledger.entries as entry
     where account.account_id = 'alice' and entry.account_id = 'alice' and entry.sequence = 6`,
    7n,
  ],
];

/** Alice's fourth entry paid 2 to bob, as his third; now it was 1, and everything after it agrees. */
const LESS_LEFT_ALICE = `
  update ledger.entries set amount = amount + 1 where account_id = 'alice' and sequence = 4;
  update ledger.entries set balance_after = balance_after + 1 where account_id = 'alice' and sequence >= 4;
  update ledger.entries set amount = amount - 1 where account_id = 'bob' and sequence = 3;
  update ledger.entries set balance_after = balance_after - 1 where account_id = 'bob' and sequence >= 3;
  update balance.accounts set balance = balance + 1 where account_id = 'alice';
  update balance.accounts set balance = balance - 1 where account_id = 'bob'`;

const database = useDatabase();
let balance: BalanceStack;
let ledger: RunningApp;
let vandal: LedgerVandal;
let clients: ReturnType<typeof openClients>;
/** A checkpoint as somebody outside keeps it. */
let kept = '';
let notificationsPort = '';

function openClients(address: string) {
  const options = { address, deadlineMs: CALL_DEADLINE_MS };
  return {
    ledger: grpcClient(ledgerV1.LedgerServiceService, options),
    incidents: grpcClient(reconciliationV1.ReconciliationServiceService, options),
    proofs: grpcClient(proofsV1.ProofServiceService, options),
  };
}

beforeAll(async () => {
  balance = await startBalance(database.url, { BUCKETS: '8' });
  vandal = LedgerVandal.open(database.url);
  // Where nobody listens yet.
  notificationsPort = String(await freePort());
  ledger = await startApp('ledger', {
    DATABASE_URL: database.url,
    NOTIFICATIONS_GRPC_PORT: notificationsPort,
    LOG_LEVEL: 'warn',
    ...JOBS,
  });
  clients = openClients(ledger.grpcTarget ?? '');
  for (const account of ['alice', 'bob', 'carol']) await post(deposit(`open-${account}`, account, 1_000n));
  for (const round of [1, 2, 3]) {
    await post(transfer(`there-${round}`, ['alice', 'bob'], BigInt(round)));
    await post(transfer(`back-${round}`, ['carol', 'alice'], BigInt(round * 10)));
  }
  await allSealed();
  await vandal.backUp('early', 'everything');
  await post(transfer('late-1', ['alice', 'carol'], 7n));
  await post(transfer('late-2', ['alice', 'bob'], 8n));
  await allSealed();
  await eventually(async () => (await status()).factsUnverified === 0n);
  kept = (await clients.proofs.call('getCheckpoint', { treeSize: 0n })).checkpoint?.note ?? '';
  await vandal.backUp('kept', 'everything');
});

afterAll(async () => {
  await Promise.all([clients.ledger.close(), clients.incidents.close(), clients.proofs.close()]);
  await vandal.end();
  await ledger.stop();
  await balance.stop();
});

describe('a ledger that its superuser falsified', () => {
  it('is right before anything is changed', async () => {
    expect(await verify('alice')).toMatchObject({ valid: true, entriesChecked: 9n });
    expect(await verifySeals()).toEqual([]);
    expect(await openIncidents()).toEqual([]);
  });

  it.each(TAMPERINGS)(
    'shows %s, at the first bad sequence, and that it was put right',
    async (_, sql, sequence) => {
      await vandal.run(sql);
      await eventually(async () => {
        // A job that looked before the last tampering was undone may still open what it saw, until the next look.
        const { sequence: found, reason } = await openIncident('integrity_failure', 'alice');
        expect({ sequence: found, reason }).toMatchObject({ sequence });
      });
      expect(await verify('alice')).toMatchObject({ valid: false, firstInvalidEntry: { sequence } });
      await vandal.restore('kept', 'books');
      await eventually(noneOpen);
    },
  );

  it('shows a balance that was changed by hand, with what was expected and found', async () => {
    await vandal.run(`update balance.accounts set balance = 5000 where account_id = 'alice'`);
    await eventually(async () => {
      const incident = await openIncident('drift', 'alice');
      expect(JSON.parse(incident.expectedJson)).toMatchObject({ balance: '1039', sequence: '9' });
      expect(JSON.parse(incident.foundJson)).toMatchObject({ balance: '5000', sequence: '9' });
    });
    await eventually(async () =>
      expect(await status()).toMatchObject({ driftedAccounts: 1n, openIncidents: 1n }),
    );
    await vandal.restore('kept', 'books');
    await eventually(async () => (await status()).openIncidents === 0n);
  });

  it('shows by its seals a column that no chain covers', async () => {
    await vandal.run(`update balance.facts set idempotency_key = 'forged' where ${FACT_OF_4}`);
    expect(await verify('alice')).toMatchObject({ valid: true });
    expect(await verifySeals()).not.toEqual([]);
    await vandal.restore('kept', 'books');
    expect(await verifySeals()).toEqual([]);
  });
});

describe('alerts of all that', () => {
  it('arrive once somebody is there to receive them, and are closed where it was put right', async () => {
    const notifications = await startApp('notifications', {
      DATABASE_URL: database.url,
      NOTIFICATIONS_GRPC_PORT: notificationsPort,
      BALANCE_GRPC_PORT: balance.app.env['BALANCE_GRPC_PORT'],
      LOG_LEVEL: 'error',
    });
    const address = notifications.grpcTarget ?? '';
    const alerts = grpcClient(alertsV1.AlertServiceService, { address, deadlineMs: CALL_DEADLINE_MS });
    try {
      const page = { accountId: 'alice', type: '', status: '', limit: 100, cursor: '' };
      await eventually(async () => {
        const listed = await alerts.call('listAlerts', page);
        const incidents = await incidentsOf('alice');
        // Of what was found in the same millisecond nothing says which came first.
        const opened = listed.alerts.map(({ type, openedAtMs }) => `${type} ${openedAtMs}`).sort();
        expect(opened).toEqual(incidents.map(({ type, foundAtMs }) => `${type} ${foundAtMs}`).sort());
        expect(listed.alerts.filter(({ status }) => status !== 'closed')).toEqual([]);
        return true;
      });
      const drift = (await alerts.call('listAlerts', { ...page, type: 'drift' })).alerts[0];
      expect(drift).toMatchObject({ level: 'critical', accountId: 'alice' });
      expect(JSON.parse(drift?.detailJson ?? '')).toMatchObject({
        expected: { balance: '1039' },
        found: { balance: '5000' },
      });
    } finally {
      await alerts.close();
      await notifications.stop();
    }
  });
});

describe('a ledger that agrees with itself, and is not what it was', () => {
  it('shows a suffix that was rewritten with right hashes, at its first entry', async () => {
    await vandal.rewrite(LESS_LEFT_ALICE);
    expect(await verifySeals('')).not.toEqual([]);
    const faults = await verifySeals();
    expect(faults).toContainEqual(expect.objectContaining({ accountId: 'alice', sequence: 4n }));
    // Where it was proven to end when it was new, it does not pass any more.
    await eventually(async () => {
      const { reason } = await openIncident('integrity_failure', 'alice');
      expect(reason).toMatch(/is not the one that was proven/);
    });
    await vandal.restore('kept', 'books');
    await eventually(noneOpen);
  });

  it('shows an old backup of the books that was put back, at the first entry that is gone', async () => {
    await vandal.restore('early', 'books');
    expect(await verifySeals()).not.toEqual([]);
    await eventually(async () => {
      const { sequence } = await openIncident('integrity_failure', 'alice');
      expect(sequence).toBe(8n);
    });
    await vandal.restore('kept', 'books');
    await eventually(noneOpen);
  });

  it('shows an old backup of everything, its own seals too, by the checkpoint that was kept outside', async () => {
    await vandal.restore('early', 'everything');
    expect(await verify('alice')).toMatchObject({ valid: true, entriesChecked: 7n });
    expect(await verifySeals('')).toEqual([]);
    expect(await verifySeals()).not.toEqual([]);
  });
});

async function post(command: Parameters<BalanceStack['execute']>[0][number]): Promise<void> {
  const [outcome] = await balance.execute([command]);
  if (outcome?.result?.$case === 'refusal') throw new Error(outcome.result.value.message);
}

/** Everything committed is under a checkpoint. */
async function allSealed(): Promise<void> {
  await eventually(async () => {
    const { checkpoint } = await clients.proofs.call('getCheckpoint', { treeSize: 0n });
    return checkpoint?.entries === (await status()).entries;
  });
}

function status(): Promise<ledgerV1.GetStatusResponse> {
  return clients.ledger.call('getStatus', {});
}

async function verify(accountId: string): Promise<ledgerV1.AccountVerification | undefined> {
  return (await clients.ledger.call('verifyAccount', { accountId })).verification;
}

/** All that differs from what was sealed, and from the checkpoint `note`. */
async function verifySeals(note = kept): Promise<readonly proofsV1.SealFault[]> {
  const faults: proofsV1.SealFault[] = [];
  let cursor = '';
  do {
    const step = await clients.proofs.call('verifySeals', { cursor, note });
    faults.push(...step.faults);
    cursor = step.nextCursor;
  } while (cursor !== '');
  return faults;
}

const EVERY_INCIDENT = { limit: 100, cursor: '', type: '', status: '', accountId: '' };

async function openIncidents(): Promise<readonly reconciliationV1.Incident[]> {
  const open = { ...EVERY_INCIDENT, status: 'open' };
  return (await clients.incidents.call('listIncidents', open)).incidents;
}

async function incidentsOf(accountId: string): Promise<readonly reconciliationV1.Incident[]> {
  return (await clients.incidents.call('listIncidents', { ...EVERY_INCIDENT, accountId })).incidents;
}

async function noneOpen(): Promise<true> {
  // What sealing itself found is closed by the walk over all seals, minutes later.
  const [first] = (await openIncidents()).filter(({ reason }) => !reason.startsWith('seal '));
  if (first !== undefined) throw new Error(`still open: ${first.reason}`);
  return true;
}

async function openIncident(type: string, accountId: string): Promise<reconciliationV1.Incident> {
  const found = (await openIncidents()).find((one) => one.type === type && one.accountId === accountId);
  if (found === undefined) throw new Error(`no open incident of ${accountId}`);
  return found;
}
