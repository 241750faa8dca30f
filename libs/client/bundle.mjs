// The library as it is installed: one file for `import` and one for `require`, with the generated codecs of the wire
// inside, so that nothing private has to be installed with it. Declarations come from the compiler; `require` gets
// a copy of them in a folder of its own, because the same file cannot describe both kinds of module.
import { cp, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const options = {
  entryPoints: ['src/index.ts'],
  bundle: true,
  platform: 'node',
  target: 'node22',
  conditions: ['mono-src'],
  external: ['@bufbuild/protobuf', '@bufbuild/protobuf/*', '@grpc/grpc-js', 'cockatiel'],
  logLevel: 'warning',
};

await rm('dist/cjs', { recursive: true, force: true });
await cp('dist', '.cjs-declarations', {
  recursive: true,
  filter: (source) => !/\.(js|map|tsbuildinfo)$/.test(source),
});
await cp('.cjs-declarations', 'dist/cjs', { recursive: true });
await rm('.cjs-declarations', { recursive: true });
await writeFile('dist/cjs/package.json', `${JSON.stringify({ type: 'commonjs' })}\n`);

await Promise.all([
  build({ ...options, format: 'esm', outfile: 'dist/index.js' }),
  build({ ...options, format: 'cjs', outfile: 'dist/cjs/index.js' }),
]);
