import { shardNames } from '../../../../pipeline/format/hash-prefix.ts';
import { matrix } from '../../../lib/matrix.ts';
import { json } from '../../../lib/respond.tsx';
import { partOf } from '../../../lib/settings.ts';
import { explainShard } from '../../../lib/why.ts';

export const dynamic = 'force-static';
export const dynamicParams = false;

export async function generateStaticParams() {
  return partOf(shardNames(matrix.header.shardBits)).map((name) => ({ file: `${name}.json` }));
}

export async function GET(_: Request, { params }: { params: Promise<{ file: string }> }) {
  const { file } = await params;
  return json(await explainShard(file.slice(0, -'.json'.length)));
}
