// The layers inside an application (docs/ARCHITECTURE.md). Which package may import which is nx's part, see
// eslint.config.mjs. Each rule is proved by a fixture that breaks it (tools/dev/test/fixtures/broken-layers).

/** Files at the top of an application that put the layers together. */
const COMPOSITION = String.raw`(^apps/[^/]+/src/[^/]*(module|composition)\.ts$|^apps/[^/]+/src/(main|app|openapi|migrate|peers)\.ts$)`;
const SPEC = String.raw`\.spec\.ts$|/test/`;
const layer = (...names) => `^apps/[^/]+/src/(${names.join('|')})/`;
/** What Nest, drivers and servers bring: an application's use cases must not know them. */
const FRAMEWORKS =
  'node_modules/(@types/)?(@nestjs/|@grpc/|@nats-io/|@fastify/|fastify/|typeorm/|pg/|ioredis/)';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one concept in the wrong files.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'The domain imports itself and the hash function, nothing else.',
      from: { path: '^libs/domain/src/', pathNot: SPEC },
      to: { pathNot: '^libs/domain/src/|^(node:)?crypto$' },
    },
    {
      name: 'application-knows-no-adapter',
      severity: 'error',
      comment: 'Use cases define ports; adapters implement them.',
      from: { path: layer('application'), pathNot: SPEC },
      to: { path: layer('infrastructure', 'transport', 'jobs') },
    },
    {
      name: 'application-knows-no-framework',
      severity: 'error',
      comment: 'Handlers are plain classes that the module binds.',
      from: { path: layer('application'), pathNot: SPEC },
      to: { path: FRAMEWORKS },
    },
    {
      name: 'infrastructure-knows-no-transport',
      severity: 'error',
      comment: 'Adapters on the two sides of an application do not know each other.',
      from: { path: layer('infrastructure'), pathNot: SPEC },
      to: { path: layer('transport', 'jobs') },
    },
    {
      name: 'transport-knows-no-infrastructure',
      severity: 'error',
      comment: 'Decode, call a handler, encode.',
      from: { path: layer('transport', 'jobs'), pathNot: SPEC },
      to: { path: layer('infrastructure') },
    },
    {
      name: 'only-composition-knows-all-layers',
      severity: 'error',
      comment:
        'Other files at the top of an application, such as its configuration, may name use cases only.',
      from: { path: String.raw`^apps/[^/]+/src/[^/]+\.ts$`, pathNot: `${COMPOSITION}|${SPEC}` },
      to: { path: layer('infrastructure', 'transport', 'jobs') },
    },
    {
      name: 'apps-are-strangers',
      severity: 'error',
      comment: 'Applications talk over the wire.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-know-no-app',
      severity: 'error',
      comment: 'Applications use libraries, not the other way round.',
      from: { path: '^(libs|tools)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'nobody-imports-a-spec',
      severity: 'error',
      comment: 'What several specs need is a builder, not a spec.',
      from: {},
      to: { path: String.raw`\.spec\.ts$` },
    },
  ],
  options: {
    // Types count: a type that crosses a boundary is a dependency too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures)/|[.]d[.]ts$' },
    enhancedResolveOptions: {
      conditionNames: ['mono-src', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
