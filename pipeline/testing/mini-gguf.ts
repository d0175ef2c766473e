/** The first bytes of a GGUF file, made for tests: ggml-org/ggml, docs/gguf.md. */

type Item = number | string | readonly number[] | readonly string[];

/**
 * Returns the first bytes of a GGUF file; numbers are written as 32-bit ones. `entries` has the keys of the file, in
 * their order.
 */
export function miniGguf(entries: Readonly<Record<string, Item>>, version = 3): Buffer {
  const parts = Object.entries(entries).flatMap(([key, item]) => [text(key), ...value(item)]);
  return Buffer.concat([
    Buffer.from('GGUF'),
    u32(version),
    u64(0),
    u64(Object.keys(entries).length),
    ...parts,
  ]);
}

const U32 = 4;
const STRING = 8;
const ARRAY = 9;

function value(item: Item): Buffer[] {
  if (typeof item === 'string') return [u32(STRING), text(item)];
  if (typeof item === 'number') return [u32(U32), u32(item)];
  const type = typeof item[0] === 'string' ? STRING : U32;
  const items = item.map((one) => (typeof one === 'string' ? text(one) : u32(one)));
  return [u32(ARRAY), u32(type), u64(item.length), ...items];
}

function u32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

function u64(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return bytes;
}

function text(string: string): Buffer {
  const bytes = Buffer.from(string);
  return Buffer.concat([u64(bytes.length), bytes]);
}
