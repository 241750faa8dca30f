// A game server that loses its balance service, to be killed: `append` journals deposits and prints the key of each
// that it was let go on with; `replay` sends what waits.
import { grpcTransport, migratingClient, SteelyardClient } from '@steelyard/client';

const [, , task, address, directory] = process.argv;
const steelyard = new SteelyardClient({ transport: grpcTransport({ address }), attemptsMax: 1 });
const client = await migratingClient({
  mode: 'permissive',
  steelyard,
  journal: { directory, replayAfterMs: task === 'append' ? 3_600_000 : 1, onDiscrepancy: () => {} },
});
process.stdout.write('ready\n');
if (task === 'append') {
  for (let i = 0; ; i++) {
    const key = `${process.pid}-${i}`;
    const result = await client.accounts.deposit(
      { accountId: 'killed-game', amount: 1n },
      { idempotencyKey: key },
    );
    if (!result.journalled) throw new Error('the service is not away');
    process.stdout.write(`${key}\n`);
  }
}
await client.journal.replay();
process.stdout.write('replayed\n');
await client.close();
