import { runApp } from '@steelyard/platform/lifecycle';
import { LEDGER_APP } from './app.js';

await runApp(LEDGER_APP);
