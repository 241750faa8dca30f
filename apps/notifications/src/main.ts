import { runApp } from '@steelyard/platform/lifecycle';
import { NOTIFICATIONS_APP } from './app.js';

await runApp(NOTIFICATIONS_APP);
