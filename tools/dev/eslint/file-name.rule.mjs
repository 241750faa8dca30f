import { basename } from 'node:path';

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.ts$/;
const EMPTY_WORDS = /(^|[-.])(manager|helpers?|utils?|common|impl|base|misc)([-.]|$)/;

/** File names are kebab-case, may carry role suffixes, and say what is in the file. */
export const fileNameRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      kebabCase: '"{{name}}" is not kebab-case.',
      emptyWord: '"{{name}}" says nothing: name the concept.',
    },
  },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename);
        if (!KEBAB_CASE.test(name)) context.report({ node, messageId: 'kebabCase', data: { name } });
        if (EMPTY_WORDS.test(name)) context.report({ node, messageId: 'emptyWord', data: { name } });
      },
    };
  },
};
