import { idAt, idsByShard, segmentsOf } from '../../../lib/matrix.ts';
import { modelJson, readModel } from '../../../lib/model.ts';
import { drawModel, hasPicture } from '../../../lib/pictures.ts';
import { html, json, png } from '../../../lib/respond.tsx';
import { partOf } from '../../../lib/settings.ts';
import { ModelPage } from '../../../views/model.tsx';

export const dynamic = 'force-static';
export const dynamicParams = false;

const PAGE = 'index.html';
const JSON_ENDING = '.json';
const PNG_ENDING = '.png';

/**
 * The allowlist, and nothing else: OWNER/NAME/index.html and OWNER/NAME.json of each, and OWNER/NAME.png of some,
 * without OWNER/ of legacy ids. One
 * route for all, because an export refuses a route without a page, and not every allowlist holds legacy ids.
 */
export function generateStaticParams() {
  return partOf(idsByShard()).flatMap((id) => {
    const segments = segmentsOf(id);
    const [last = '', ...before] = [...segments].reverse();
    const endings = hasPicture(id) ? [JSON_ENDING, PNG_ENDING] : [JSON_ENDING];
    return [
      { path: [...segments, PAGE] },
      ...endings.map((ending) => ({ path: [...before, `${last}${ending}`] })),
    ];
  });
}

export async function GET(_: Request, { params }: { params: Promise<{ path: string[] }> }) {
  const { path } = await params;
  const last = path.at(-1) ?? '';
  if (last === PAGE) return html(<ModelPage {...(await readModel(idAt(path.slice(0, -1))))} />);
  const data = await readModel(idAt([...path.slice(0, -1), last.replace(/\.\w+$/, '')]));
  return last.endsWith(PNG_ENDING) ? png(await drawModel(data)) : json(modelJson(data));
}
