/** Reads the bodies of answers, up to a cap. */

/** Reads a body as text; undefined where there is more than the cap. */
export async function readCapped(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8').replace(BYTE_ORDER_MARK, '');
}

/** Reads the first bytes of a body, at most so many; leaving the loop ends the answer. */
export async function readFirst(body: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

const BYTE_ORDER_MARK = /^\ufeff/;
