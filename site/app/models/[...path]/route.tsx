import { idAt, idsByShard, segmentsOf } from '../../../lib/matrix.ts';
import { modelJson, readModel } from '../../../lib/model.ts';
import { html, json } from '../../../lib/respond.tsx';
import { partOf } from '../../../lib/settings.ts';
import { ModelPage } from '../../../views/model.tsx';

export const dynamic = 'force-static';
export const dynamicParams = false;

const PAGE = 'index.html';
const JSON_ENDING = '.json';

/**
 * The allowlist, and nothing else: OWNER/NAME/index.html and OWNER/NAME.json of each, without OWNER/ of legacy ids. One
 * route for all, because an export refuses a route without a page, and not every allowlist holds legacy ids.
 */
export function generateStaticParams() {
  return partOf(idsByShard()).flatMap((id) => {
    const segments = segmentsOf(id);
    const [last = '', ...before] = [...segments].reverse();
    return [{ path: [...segments, PAGE] }, { path: [...before, `${last}${JSON_ENDING}`] }];
  });
}

export async function GET(_: Request, { params }: { params: Promise<{ path: string[] }> }) {
  const { path } = await params;
  const last = path.at(-1) ?? '';
  if (last === PAGE) return html(<ModelPage {...(await readModel(idAt(path.slice(0, -1))))} />);
  const segments = [...path.slice(0, -1), last.slice(0, -JSON_ENDING.length)];
  return json(modelJson(await readModel(idAt(segments))));
}
