/** A sample of Prometheus' text format. */
export interface ParsedSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"`;
const ANY_LABEL = LABEL.replaceAll('(', '(?:').replaceAll('(?:?:', '(?:');
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${ANY_LABEL}(?:,${ANY_LABEL})*)\\})? (\\S+)$`);

/**
 * Reads Prometheus' text format 0.0.4 as strictly as its description does: HELP and TYPE once and before the samples, the
 * samples of a family together, none twice, buckets that only grow and end with `+Inf`, a last line that is ended.
 * @throws Error naming the line.
 */
export function parsePrometheus(text: string): ParsedSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line is not ended');
  const samples: ParsedSample[] = [];
  const seen = new Set<string>();
  const types = new Map<string, string>();
  const helps = new Set<string>();
  let family = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      const known = kind === 'HELP' ? helps.has(name) : types.has(name);
      if (known) throw new Error(`said twice: ${line}`);
      if (kind === 'HELP') helps.add(name);
      else if (/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) types.set(name, rest);
      else throw new Error(`no such type: ${line}`);
      family = name;
      continue;
    }
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    const base = types.get(family) === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name;
    if (base !== family || !types.has(family) || !helps.has(family)) throw new Error(`out of its family: ${line}`);
    if (types.get(family) === 'counter' && !name.endsWith('_total'))
      throw new Error(`a counter ends in _total: ${line}`);
    const number = value === '+Inf' ? Infinity : Number(value);
    if (value === '' || Number.isNaN(number)) throw new Error(`no number: ${line}`);
    const pairs = [...labels.matchAll(new RegExp(LABEL, 'g'))].map(([, key = '', raw = '']) => [key, unescape(raw)]);
    const sample = { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: number };
    const key = JSON.stringify([name, Object.entries(sample.labels).toSorted()]);
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    samples.push(sample);
  }
  checkHistograms(samples, types);
  return samples;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function checkHistograms(samples: readonly ParsedSample[], types: ReadonlyMap<string, string>): void {
  for (const [family, type] of types) {
    if (type !== 'histogram') continue;
    const groups = new Map<string, ParsedSample[]>();
    for (const sample of samples.filter(({ name }) => name === `${family}_bucket`)) {
      const { le: _, ...rest } = sample.labels;
      const key = JSON.stringify(rest);
      groups.set(key, [...(groups.get(key) ?? []), sample]);
    }
    for (const [key, buckets] of groups) {
      const values = buckets.map(({ value }) => value);
      const bounds = buckets.map(({ labels }) => (labels['le'] === '+Inf' ? Infinity : Number(labels['le'])));
      const isGrowing = [values, bounds].every((list) =>
        list.every((each, at) => at === 0 || each >= (list[at - 1] ?? 0)),
      );
      const count = samples.find(({ name, labels }) => name === `${family}_count` && JSON.stringify(labels) === key);
      if (!isGrowing || bounds.at(-1) !== Infinity || count?.value !== values.at(-1)) {
        throw new Error(`a histogram that does not add up: ${family} ${key}`);
      }
    }
  }
}
