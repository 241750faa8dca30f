import { runApp } from '@steelyard/platform/lifecycle';
import { GATEWAY_APP } from './app.js';

await runApp(GATEWAY_APP);
