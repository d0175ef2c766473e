/** The fields of a listing record that this project uses, in one table. */

interface HubField {
  /** True where the listing has to be asked for it with `expand`. */
  readonly asked?: true;
  /**
   * True where no verdict could be made without it, or one that hides a refusal: a Hub that no longer gives
   * it stops the crawl.
   */
  readonly needed?: true;
  /**
   * True where the report counts the models that have it, and a guard compares the count with last night's.
   */
  readonly counted?: true;
  /** True where a malformed value rejects the record: without the field a verdict could be wrong. */
  readonly guarding?: true;
}

/**
 * The fields by name. `configJson` and `configProblem` are ours: the config.json that the crawl read, or the
 * reason why it could not.
 */
const HUB_FIELDS = {
  id: { guarding: true },
  baseModels: { asked: true, counted: true, guarding: true },
  cardData: { asked: true, counted: true },
  config: { asked: true, counted: true, needed: true },
  configJson: { counted: true },
  configProblem: { guarding: true },
  createdAt: { asked: true, counted: true },
  disabled: { asked: true, needed: true, guarding: true },
  downloads: { asked: true },
  gated: { asked: true, counted: true, needed: true, guarding: true },
  gguf: { asked: true, counted: true, needed: true },
  lastModified: { asked: true, counted: true },
  library_name: { asked: true, counted: true, guarding: true },
  likes: { asked: true },
  pipeline_tag: { asked: true, counted: true, guarding: true },
  private: { asked: true, needed: true, guarding: true },
  safetensors: { asked: true, counted: true },
  sha: { asked: true, counted: true, needed: true },
  siblings: { asked: true, counted: true, needed: true, guarding: true },
  tags: { asked: true, counted: true },
  trendingScore: { asked: true },
  usedStorage: { asked: true, counted: true },
} as const satisfies Readonly<Record<string, HubField>>;

type FieldName = keyof typeof HUB_FIELDS;

/** Returns the names of the fields with a flag, in the order of the table. */
export function fieldsWith(flag: keyof HubField): FieldName[] {
  const fields: Readonly<Record<FieldName, HubField>> = HUB_FIELDS;
  return (Object.keys(fields) as FieldName[]).filter((name) => fields[name][flag] === true);
}
