import { runApp } from '@steelyard/platform/lifecycle';
import { BALANCE_APP } from './app.js';

await runApp(BALANCE_APP);
