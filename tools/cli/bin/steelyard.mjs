#!/usr/bin/env node
// Committed, so that npm can link the command before anything is built.
const NODE_MAJOR_MIN = 24;

const [major] = process.versions.node.split('.');
if (Number(major) < NODE_MAJOR_MIN) {
  fail(
    `Node ${NODE_MAJOR_MIN} is needed, this is ${process.versions.node}. Use: npx steelyard …, or npm run steelyard -- …`,
  );
}
const program = new URL('../dist/main.js', import.meta.url);
try {
  await import(program.href);
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  fail('the command is not built yet. Run: npm run build');
}

function fail(message) {
  process.stderr.write(`steelyard: ${message}\n`);
  process.exit(2);
}
