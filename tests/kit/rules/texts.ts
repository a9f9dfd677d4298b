// What no committed file may say: places that exist on one machine only.

import { type Breach, oneFile, type Rule } from '#tests/kit/rules/rule.ts';

// Put together here, lest this file breach its own rule.
const NEIGHBOUR = ['..', 'shared'].join('/');
const ROOT = ['', 'work', ''].join('/');

const noForeignPlaces: Rule = {
  says: 'no committed file names a folder outside of the repository',
  breaches: ({ committed }) => [...committed].flatMap(([path, text]) => foreignPlaces(path, text)),
  caught: [
    oneFile('README.md', `See ${NEIGHBOUR}/notes.md.`),
    oneFile('docs/a.md', `It lies in ${ROOT}main.`),
    oneFile('src/kit/a.ts', `// first\nconst a = '${ROOT}a';`),
    oneFile('.ci/run', `cd ${ROOT}`),
  ],
  passed: [oneFile('docs/a.md', 'https://example.com/work/1, src/work/a.ts, ~/work/, and what is shared.')],
};

function foreignPlaces(path: string, text: string): Breach[] {
  const foreign = new RegExp(`${NEIGHBOUR.replaceAll('.', '\\.')}|(?<![\\w.~-])${ROOT}`);
  if (!foreign.test(text)) return [];
  return text.split('\n').flatMap((line, index) => {
    const [found] = line.match(foreign) ?? [];
    return found === undefined
      ? []
      : [{ path, line: index + 1, found: `names ${found}`, instead: 'say it in the repository itself' }];
  });
}

/** The rules of texts. */
export const textRules: readonly Rule[] = [noForeignPlaces];
