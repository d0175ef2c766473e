import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { DataError } from './errors.ts';
import { checkListingFile } from './listing-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'listing-'));
afterAll(() => rmSync(dir, { recursive: true }));

const RECORD = '{"id":"a/b","siblings":[]}';
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

function check(name: string, content: string | Buffer): void {
  const path = join(dir, name);
  writeFileSync(path, content);
  checkListingFile(path);
}

describe('a listing file', () => {
  it.each<[string, string, string | Buffer]>([
    ['of one line', 'a.jsonl', RECORD],
    ['with a byte order mark and line ends of Windows', 'a.jsonl', `\ufeff${RECORD}\r\n${RECORD}\r\n`],
    ['with an empty line first', 'a.jsonl', `\n${RECORD}\n`],
    ['that is compressed', 'a.jsonl.gz', gzipSync(`${RECORD}\n`)],
    ['that is empty', 'a.jsonl', ''],
  ])('%s is read', (_, name, content) => {
    expect(() => check(name, content)).not.toThrow();
  });

  it.each<[string, string, string | Buffer]>([
    ['is a JSON array', 'a.jsonl', `[${RECORD}]`],
    ['is a JSON array', 'a.json', `\ufeff[\n  ${RECORD}\n]`],
    ['is indented JSON', 'a.jsonl', JSON.stringify(JSON.parse(RECORD), undefined, 2)],
    ['is UTF-16', 'a.jsonl', utf16(`\ufeff${RECORD}`)],
    ['is UTF-16', 'a.jsonl', utf16(RECORD)],
    ['is compressed by gzip; give it a name that ends in .gz', 'a.jsonl', gzipSync(RECORD)],
    ['is a JSON array', 'a.jsonl.gz', gzipSync(`[${RECORD}]`)],
    ['is compressed by zstd', 'a.jsonl.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0])],
    ['is Parquet', 'a.parquet', 'PAR1'],
  ])('that %s is named, with what to do', (problem, name, content) => {
    expect(() => check(name, content)).toThrow(DataError);
    expect(() => check(name, content)).toThrow(`${join(dir, name)} ${problem}`);
  });
});
