import { runApp } from '@steelyard/platform/lifecycle';
import { ANALYTICS_APP } from './app.js';

await runApp(ANALYTICS_APP);
