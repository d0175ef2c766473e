import { openMatrix } from '@rbee/marketplace-matrix';
import { notFound } from 'next/navigation';
import { answers } from './answers';

const matrix = openMatrix(process.env.MATRIX ?? 'out'); // a folder, or the address of a published out/

export async function generateStaticParams() {
  return (await (await matrix).allowlist()).map((id) => ({ id: id.split('/') }));
}

export default async function Page({ params }: { params: Promise<{ id: string[] }> }) {
  const id = (await params).id.join('/');
  if (!(await (await matrix).has(id))) notFound(); // without this line a refused model has a page
  return (await answers(await matrix, id)).map((line) => <p key={line}>{line}</p>);
}
