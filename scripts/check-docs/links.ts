/** Finds links of the documentation that lead to no file, or to no heading of it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Returns a sentence for each relative link in the pages that leads nowhere. `root`: the folder of the project. */
export function deadLinks(root: string, pages: readonly string[]): string[] {
  return pages.flatMap((page) =>
    linksIn(readFileSync(join(root, page), 'utf8')).flatMap((link) => {
      const problem = problemOf(root, page, link);
      return problem === undefined ? [] : [`${page}: the link ${link} ${problem}.`];
    }),
  );
}

/** Returns the targets of links and pictures that are not addresses of other hosts. */
function linksIn(markdown: string): string[] {
  const text = markdown.replace(/^```[\s\S]*?^```/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)].map(
    ([, link, picture]) => link ?? picture ?? '',
  );
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function problemOf(root: string, page: string, link: string): string | undefined {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, target))) return `leads to ${target}, which does not exist`;
  if (heading === undefined || !target.endsWith('.md')) return undefined;
  return headingsIn(readFileSync(join(root, target), 'utf8')).includes(heading)
    ? undefined
    : `leads to a heading that ${target} does not have`;
}

/** Returns the names under which GitHub links to the headings. */
function headingsIn(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
