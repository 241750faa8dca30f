import { readConfig } from './config.js';
import { openPokerTable } from './poker-table.js';

const config = readConfig(process.env);
const server = await openPokerTable(config);
await server.listen({ host: config.host, port: config.port });

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close());
