/** Pictures for cards and icons: PNG files, because few programs that show a card for a link take SVG. */
import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { matrix, modelPath } from './matrix.ts';
import type { ModelPageData } from './model.ts';
import { MOST_PICTURES, SITE_NAME } from './settings.ts';
import { counted, gigabytes, inFull, variantName } from './words.ts';
import { type XmlElement, xmlText } from './xml.ts';

const pictured = new Set((await matrix.search()).ids.slice(0, MOST_PICTURES));

/** Returns whether a model has a picture of its own. The others show that of the site. */
export const hasPicture = (id: string) => pictured.has(id);
export const picturePath = (id: string) => `${modelPath(id).slice(0, -1)}.png`;

/** The least that Open Graph readers show large. */
const [WIDTH, HEIGHT] = [600, 315];
const [PAGE, INK, SOFT, ACCENT] = ['#171614', '#eceae5', '#a9a49a', '#e8a317'];
const LEFT = 40;

/** Letters that fit a line: one of DejaVu Sans is 0.6 as wide as its size on average, a bold one 0.7. */
const fitting = ({ size, bold = false }: Pick<Line, 'size' | 'bold'>) =>
  Math.floor((WIDTH - 2 * LEFT) / (size * (bold ? 0.7 : 0.6)));

interface Line {
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  readonly bold?: boolean;
}

/** Returns a PNG with these lines below the name of the site; lines that are too long are cut. */
function drawLines(lines: readonly Line[]): Promise<Buffer> {
  let top = 62;
  const texts = lines.map((line): XmlElement => {
    const { text, size, colour, bold = false } = line;
    top += size * 1.42;
    const most = fitting(line);
    return {
      '@x': String(LEFT),
      '@y': String(Math.round(top)),
      '@fill': colour,
      '@font-size': String(size),
      '@font-weight': bold ? '700' : '400',
      '#text': text.length > most ? `${text.slice(0, most - 1)}…` : text,
    };
  });
  const rect = (fill: string, width: number, height: number): XmlElement => ({
    ...{ '@width': String(width), '@height': String(height), '@fill': fill },
  });
  const name = { '@x': String(LEFT), '@y': '48', '@fill': ACCENT, '@font-size': '22', '#text': SITE_NAME };
  const svg = xmlText({
    svg: {
      '@xmlns': 'http://www.w3.org/2000/svg',
      '@width': String(WIDTH),
      '@height': String(HEIGHT),
      '@font-family': 'system-ui, DejaVu Sans, sans-serif',
      rect: [rect(PAGE, WIDTH, HEIGHT), rect(ACCENT, 10, HEIGHT)],
      text: [name, ...texts],
    },
  });
  return asPng(sharp(Buffer.from(svg)));
}

/** Few colours: a picture takes 5 kB. */
const asPng = (image: Sharp) => image.png({ palette: true, colours: 16 }).toBuffer();

/** Returns the picture of the site. */
export function drawSite(): Promise<Buffer> {
  const { models, allowed } = matrix.header;
  return drawLines([
    { text: 'Models that run', size: 44, colour: INK, bold: true },
    { text: 'on your machine', size: 44, colour: INK, bold: true },
    { text: `${counted(allowed, 'model')} that a local worker runs,`, size: 24, colour: SOFT },
    { text: `of ${inFull(models)} of the Hugging Face Hub`, size: 24, colour: SOFT },
  ]);
}

/** Returns the picture of a model: its name, what runs it, and the file to take. */
export function drawModel({ model: { id, facts }, groups, best }: ModelPageData): Promise<Buffer> {
  const cut = id.indexOf('/') + 1;
  const name = id.slice(cut);
  const title = { size: 32, colour: INK, bold: true };
  const broken = breakAt(name, fitting(title));
  const running = groups.filter(({ verdict }) => verdict.compatible);
  const namesOf = (gate: boolean) => [
    ...new Set(running.filter((group) => group.gate === gate).map((group) => group.name)),
  ];
  const others = namesOf(false).length;
  const variant = facts.variants.find((one) => one.id === best?.verdict.recommendedVariant);
  const size = typeof variant?.sizeBytes === 'number' ? `, ${gigabytes(variant.sizeBytes)}` : '';
  return drawLines([
    { text: id.slice(0, cut), size: 22, colour: SOFT },
    { ...title, text: name.slice(0, broken) },
    ...(broken < name.length ? [{ ...title, text: name.slice(broken) }] : []),
    { text: `Runs on ${namesOf(true).join(' and ')}`, size: 22, colour: SOFT },
    { text: others === 0 ? '' : `and on ${counted(others, 'other engine')}`, size: 22, colour: SOFT },
    { text: variant === undefined ? '' : `${variantName(variant)}${size}`, size: 22, colour: ACCENT },
  ]);
}

/** Returns the place where a name that is too long for a line is broken: after the last hyphen that fits, else where the line ends. */
function breakAt(name: string, most: number): number {
  if (name.length <= most) return name.length;
  const hyphen = name.lastIndexOf('-', most - 1);
  return hyphen > most / 2 ? hyphen + 1 : most;
}

/** Returns the icon as a PNG of so many pixels a side. */
export function drawIcon(pixels: number): Promise<Buffer> {
  const svg = readFileSync('site/public/icon.svg');
  const none = { r: 0, g: 0, b: 0, alpha: 0 };
  return asPng(sharp(svg, { density: 600 }).resize(pixels, pixels, { fit: 'contain', background: none }));
}
