import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deadLinks } from './links.ts';

const dir = mkdtempSync(join(tmpdir(), 'links-'));
writeFileSync(join(dir, 'other.md'), '# A title, with `code`\n');
const linksOf = (markdown: string) => {
  writeFileSync(join(dir, 'page.md'), markdown);
  return deadLinks(dir, ['page.md']);
};

it('accepts files, headings and other hosts', () => {
  const text = '# Here\n[a](other.md) [b](other.md#a-title-with-code) [c](#here) [d](https://example.org/x)';
  expect(linksOf(text)).toEqual([]);
});

it('names a link to a file or a heading that does not exist', () => {
  expect(linksOf('[a](gone.test.ts) [b](other.md#none) <img src="no.png">')).toEqual([
    'page.md: the link gone.test.ts leads to gone.test.ts, which does not exist.',
    'page.md: the link other.md#none leads to a heading that other.md does not have.',
    'page.md: the link no.png leads to no.png, which does not exist.',
  ]);
});

it('does not take code for a link', () => {
  expect(linksOf('```ts\nconst x = a[0](gone.ts);\n```\n')).toEqual([]);
});
