// The rules of style that a machine can check. Each is proved by a fixture that breaks it
// (tools/dev/test/fixtures/broken-workspace).
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { fileNameRule } from './tools/dev/eslint/file-name.rule.mjs';

const SPECS = ['**/*.spec.ts', '**/test/**/*.ts', 'tests/**/*.ts'];
const DOMAIN = ['libs/domain/src/**/*.ts'];
/** Where foreign types come in: drivers, generated code and frameworks hand over what only an `as` can name. */
const ADAPTERS = [
  'apps/*/src/infrastructure/**',
  'apps/*/src/transport/**',
  'libs/platform/**',
  'libs/rest/**',
  'libs/facts/**',
  'libs/testing/**',
  'libs/contracts/**',
];

/** Which packages may import which, by the tag in package.json. */
const DEPENDENCIES = {
  'type:domain': ['type:domain'],
  'type:contracts': ['type:contracts', 'type:domain'],
  'type:platform': ['type:platform', 'type:contracts', 'type:domain'],
  'type:process': ['type:process'],
  'type:testing': ['type:testing', 'type:process', 'type:platform', 'type:contracts', 'type:domain'],
  'type:rest': ['type:rest', 'type:platform', 'type:contracts', 'type:domain'],
  // What users install: it knows the wire, nothing of what is behind it.
  'type:client': ['type:client', 'type:contracts'],
  'type:example': ['type:client'],
  // Committed facts on their way from one service to the others.
  'type:facts': ['type:facts', 'type:platform', 'type:contracts', 'type:domain'],
  'type:app': ['type:facts', 'type:rest', 'type:platform', 'type:contracts', 'type:domain'],
  'type:tool': ['type:process', 'type:client', 'type:platform', 'type:contracts', 'type:domain'],
  'type:test': [
    'type:facts',
    'type:testing',
    'type:process',
    'type:client',
    'type:platform',
    'type:contracts',
    'type:domain',
  ],
};

const EVERYWHERE = [
  { selector: 'TSEnumDeclaration', message: 'Use an `as const` object: enums are no plain JavaScript.' },
  {
    selector: 'FunctionDeclaration[params.length>3]',
    message: 'More than 3 parameters: pass an options object.',
  },
  {
    selector:
      ':matches(MethodDefinition[kind!="constructor"], Property, PropertyDefinition) > FunctionExpression[params.length>3]:not([params.0.decorators.length>0])',
    message: 'More than 3 parameters: pass an options object.',
  },
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    message: 'More than 5 dependencies: the class does too much.',
  },
  {
    selector:
      ':matches(ClassDeclaration, TSInterfaceDeclaration)[id.name=/(Manager|Helper|Utils?|Common|Impl)$|^Base[A-Z]/]',
    message: 'Name what it is: this word says nothing.',
  },
  { selector: 'TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]', message: 'No I prefix.' },
];

/** Not in specs: the rows of a test table are positional by nature. */
const OUTSIDE_SPECS = [
  {
    selector: 'ArrowFunctionExpression[params.length>3]',
    message: 'More than 3 parameters: pass an options object.',
  },
];

const IN_DOMAIN = [
  {
    selector: ':matches(NewExpression, CallExpression)[callee.name="Date"][arguments.length=0]',
    message: 'Time is a parameter.',
  },
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: 'Time is a parameter.',
  },
  {
    selector: 'CallExpression[callee.name=/^(Number|parseFloat|parseInt)$/]',
    message: 'Money is bigint: no floating point.',
  },
  {
    selector: 'MemberExpression[property.name=/^(toFixed|parseFloat)$/]',
    message: 'Money is bigint: no floating point.',
  },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Randomness is a parameter.',
  },
];

const IN_SPECS = [
  {
    selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
    message: 'No focused, skipped or planned tests.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'No focused or skipped tests.',
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '**/.turbo/',
      '.nx/',
      '.data/',
      'coverage/',
      'libs/contracts/src/gen/',
      '**/fixtures/',
      '**/*.d.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        URL: 'readonly',
        module: 'writable',
        require: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, steelyard: { rules: { 'file-name': fileNameRule } } },
    rules: {
      'steelyard/file-name': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'max-depth': ['error', 3],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
      'no-restricted-syntax': ['error', ...EVERYWHERE, ...OUTSIDE_SPECS],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // Numbers and bigints in a text are what they look like.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => void call()` and `return done()` are clear enough.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Nest modules are classes with nothing but a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // A port's method may be asynchronous for the sake of its other implementations.
      '@typescript-eslint/require-await': 'off',
      '@nx/enforce-module-boundaries': ['error', moduleBoundaries()],
    },
  },
  {
    files: ADAPTERS,
    ignores: ['**/*.mjs'],
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }] },
  },
  {
    files: DOMAIN,
    rules: {
      'no-restricted-syntax': ['error', ...EVERYWHERE, ...OUTSIDE_SPECS, ...IN_DOMAIN],
      'no-restricted-globals': [
        'error',
        ...['process', 'performance', 'setTimeout', 'setInterval', 'fetch', 'crypto', 'console'],
      ],
    },
  },
  {
    files: SPECS,
    rules: {
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': ['error', ...EVERYWHERE],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@nx/enforce-module-boundaries': ['error', moduleBoundaries(['type:testing', 'type:process'])],
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...EVERYWHERE, ...IN_SPECS] },
  },
);

/** @param alsoAllowed tags that every package may import here */
function moduleBoundaries(alsoAllowed = []) {
  return {
    // Deep imports are stopped by `exports` in package.json; builds are turbo's business.
    enforceBuildableLibDependency: false,
    allow: [],
    // Specs beside a package's folders use it the way its users do.
    allowCircularSelfDependency: alsoAllowed.length > 0,
    depConstraints: Object.entries(DEPENDENCIES).map(([sourceTag, tags]) => ({
      sourceTag,
      onlyDependOnLibsWithTags: [...tags, ...alsoAllowed],
    })),
  };
}
