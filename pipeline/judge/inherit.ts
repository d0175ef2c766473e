/**
 * The facts that a quantized copy takes from its base model: the context length and the shape of the attention, where its
 * own record states none. A copy and its base are judged by different threads, and lie in different partitions, so the
 * facts of bases and the questions of copies meet on disk: both are written by the hash prefix of the base, then joined,
 * and the answers written by the hash prefix of the copy.
 */
import { join } from 'node:path';
import { factValue, type ModelMetadata } from '../extract/metadata.ts';
import { encodeAttention, type OwnFacts } from '../format/encoding.ts';
import { prefixOf } from '../format/prefix-of.ts';
import { PartitionWriter, partitionOf, readPartition } from './partitions.ts';

/** The facts of a base model that its copies may take, in the encoding of a data shard. */
export type BaseFacts = Pick<OwnFacts, 'x' | 'A'>;

/**
 * The record that the facts are from. Of two records with one id the newer counts, then the one that was judged later.
 */
interface Origin {
  readonly lastModified: string;
  readonly pass: number;
}

/** Returns the base model of a copy that lacks a fact which its base may state, or undefined for any other model. */
export function baseToAsk({ baseModels, contextLength, attention }: ModelMetadata): string | undefined {
  const [base] = baseModels.ids;
  if (baseModels.relation !== 'quantized' || baseModels.ids.length !== 1) return undefined;
  const lacks = attention === 'unknown' || attention.source === 'same-size';
  return contextLength === 'unknown' || lacks ? base : undefined;
}

export class InheritanceWriter {
  readonly #facts: PartitionWriter;
  readonly #questions: PartitionWriter;
  readonly #answers: PartitionWriter;
  readonly #dir: string;

  /** Creates a writer. The number `writer` separates its files from those of other writers in the same folder. */
  constructor(dir: string, writer: number) {
    this.#dir = dir;
    this.#facts = new PartitionWriter(factsDir(dir), writer);
    this.#questions = new PartitionWriter(questionsDir(dir), writer);
    this.#answers = new PartitionWriter(answersDir(dir), writer);
  }

  /** Notes the facts that copies of the model may take. */
  tell(model: ModelMetadata, prefix: number, pass: number): void {
    const x = factValue(model.contextLength);
    const facts: BaseFacts = {
      ...(x === undefined ? {} : { x }),
      ...(model.attention === 'unknown' || model.attention.source === 'same-size'
        ? {}
        : { A: encodeAttention({ ...model.attention, source: 'base-model' }) }),
    };
    if (facts.x !== undefined || facts.A !== undefined)
      this.#tell(model.id, prefix, { lastModified: model.lastModified, pass }, facts);
  }

  /** Withdraws the facts of an earlier record of a repository that is gone. */
  takeBack(id: string, prefix: number, origin: Origin): void {
    this.#tell(id, prefix, origin, {});
  }

  #tell(id: string, prefix: number, { lastModified, pass }: Origin, facts: BaseFacts): void {
    this.#facts.add(partitionOf(prefix), `${id}\t${lastModified}\t${pass}\t${JSON.stringify(facts)}\n`);
  }

  /** Notes that the copy lacks facts of its base. */
  ask(base: string, copy: string): void {
    this.#questions.add(partitionOf(prefixOf(base)), `${base}\t${copy}\n`);
  }

  /** Puts facts and questions on disk. */
  flush(): void {
    this.#facts.flush();
    this.#questions.flush();
  }

  /** Answers the questions about the bases in one partition. All threads must have flushed before. */
  answer(partition: number): void {
    const questions = readPartition(questionsDir(this.#dir), partition);
    if (questions.length === 0) return;
    const facts = newestFacts(readPartition(factsDir(this.#dir), partition));
    for (const line of questions) {
      const [base = '', copy = ''] = line.split('\t');
      const found = facts.get(base);
      if (found !== undefined) this.#answers.add(partitionOf(prefixOf(copy)), `${copy}\t${found.json}\n`);
    }
  }

  /** Puts the answers on disk. */
  flushAnswers(): void {
    this.#answers.flush();
  }
}

interface ToldFacts extends Origin {
  readonly json: string;
}

function newestFacts(lines: readonly string[]): Map<string, ToldFacts> {
  const facts = new Map<string, ToldFacts>();
  for (const line of lines) {
    const [id = '', lastModified = '', pass, json = ''] = line.split('\t');
    const told = { lastModified, pass: Number(pass), json };
    const before = facts.get(id);
    if (before === undefined || isNewer(told, before)) facts.set(id, told);
  }
  return facts;
}

function isNewer(a: ToldFacts, b: ToldFacts): boolean {
  if (a.lastModified !== b.lastModified) return dateOf(a) > dateOf(b);
  return a.pass === b.pass ? a.json < b.json : a.pass > b.pass;
}

function dateOf({ lastModified }: Origin): string {
  return lastModified === 'unknown' ? '' : lastModified;
}

/** Reads the answers for the copies in one partition: repo id of the copy -> the facts of its base as JSON. */
export function readAnswers(dir: string, partition: number): Map<string, string> {
  const answers = new Map<string, string>();
  for (const line of readPartition(answersDir(dir), partition)) {
    const tab = line.indexOf('\t');
    answers.set(line.slice(0, tab), line.slice(tab + 1));
  }
  return answers;
}

const factsDir = (dir: string) => join(dir, 'base-facts');
const questionsDir = (dir: string) => join(dir, 'base-questions');
const answersDir = (dir: string) => join(dir, 'base-answers');
