/** Draws docs/performance.svg from bench/results.json: the time of each stage of a record, and the ways compared. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Results {
  readonly rows: readonly { readonly what: string; readonly listing: string; readonly seconds: number }[];
  readonly facts: readonly {
    readonly listing: string;
    readonly count: number;
    readonly microseconds: Readonly<Record<string, number>>;
  }[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { rows, facts } = JSON.parse(readFileSync(`${ROOT}bench/results.json`, 'utf8')) as Results;
const COLORS = ['#4c78a8', '#9ecae9', '#f58518', '#ffbf79', '#54a24b', '#88d27a', '#b79a20'];
const [WIDTH, LEFT, BAR] = [800, 310, 18];

/** The facts of the records shaped as the Hub's, which come first. */
const shaped = facts[0];
const stages = Object.entries(shaped?.microseconds ?? {});
const ways = rows.filter(({ listing }) => listing === shaped?.listing);

function bars(
  title: string,
  values: readonly (readonly [string, number])[],
  unit: string,
  top: number,
): string {
  const most = Math.max(...values.map(([, value]) => value));
  const lines = values.map(([name, value], at) => {
    const y = top + 26 + at * (BAR + 8);
    const width = (value / most) * (WIDTH - LEFT - 90);
    return [
      `<text x="${LEFT - 10}" y="${y + 13}" text-anchor="end">${name}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${COLORS[at % COLORS.length]}"/>`,
      `<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 13}">${value.toFixed(1)} ${unit}</text>`,
    ].join('');
  });
  return `<text x="12" y="${top + 12}" font-weight="bold">${title}</text>${lines.join('\n')}`;
}

const second = 60 + stages.length * (BAR + 8);
const height = second + 50 + ways.length * (BAR + 8);
writeFileSync(
  `${ROOT}docs/performance.svg`,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#333" role="img">
<title>Where the time of a record goes, and how the ways compare</title>
<rect width="100%" height="100%" fill="#fff"/>
${bars('Microseconds a record, by stage, in one thread', stages, 'us', 16)}
${bars(
  `Seconds for ${(shaped?.count ?? 0).toLocaleString('en')} records`,
  ways.map(({ what, seconds }) => [what, seconds] as const),
  's',
  second,
)}
</svg>
`,
);
