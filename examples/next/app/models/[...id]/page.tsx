import { estimateMemory, openMatrix } from '@rbee/marketplace-matrix';
import { notFound } from 'next/navigation';

const matrix = openMatrix(process.env.MATRIX ?? 'out'); // a folder, or the address of a published out/

export async function generateStaticParams() {
  return (await (await matrix).allowlist()).map((id) => ({ id: id.split('/') }));
}

export default async function Page({ params }: { params: Promise<{ id: string[] }> }) {
  const id = (await params).id.join('/');
  const { has, model, workers } = await matrix;
  const found = (await has(id)) ? await model(id) : undefined;
  if (found === undefined) notFound(); // without this line a model that nothing runs has a page
  const { facts, verdicts } = found;
  const lines = (await workers()).flatMap((worker) => {
    const { compatible, confidence, reasons, recommendedVariant } = verdicts.get(worker.id) ?? {};
    const variant = facts.variants.find((one) => one.id === recommendedVariant);
    if (!compatible || variant === undefined) return [];
    const bytes = estimateMemory(facts, worker, { variant: variant.id }).totalBytes;
    const memory = bytes === 'unknown' ? bytes : `${(bytes / 1e9).toFixed(1)} GB`;
    return `${worker.id}, confidence ${confidence}: ${reasons?.[0]} File: ${variant.files[0]}. Memory: ${memory}.`;
  });
  return [<h1 key="id">{id}</h1>, ...lines.map((line) => <p key={line}>{line}</p>)];
}
