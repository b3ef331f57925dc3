import { BUCKETS, type Tally } from './tally.ts';

/** A family of metrics, in Prometheus' text format 0.0.4. */
export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  samples: readonly Sample[];
}

export interface Sample {
  /** What stands behind the family's name: `_bucket`. */
  suffix?: string;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/** Families -> text. */
export function renderFamilies(families: readonly Family[]): string {
  const blocks = families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(
          ({ suffix = '', labels = {}, value }) => `${name}${suffix}${renderLabels(labels)} ${render(value)}`,
        ),
      ].join('\n'),
    );
  return `${blocks.join('\n')}\n`;
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function render(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** What the server counts of itself. */
export function describeTally(tally: Tally): Family[] {
  return [
    {
      name: 'smstats_http_requests_total',
      help: 'Requests that are over, by route and status.',
      type: 'counter',
      samples: [...tally.requests.values()].map(({ method, route, status, count }) => ({
        labels: { method, route, status: String(status) },
        value: count,
      })),
    },
    {
      name: 'smstats_http_request_duration_seconds',
      help: 'From the headers of a request to the last byte of its answer.',
      type: 'histogram',
      samples: [...tally.durations].flatMap(([route, { counts, seconds }]) => {
        const bounds = [...BUCKETS, Infinity];
        const all = counts.reduce((sum, count) => sum + count, 0);
        let sum = 0;
        return [
          ...bounds.map((bound, at): Sample => {
            sum += counts[at] as number;
            return { suffix: '_bucket', labels: { route, le: render(bound) }, value: sum };
          }),
          { suffix: '_sum', labels: { route }, value: seconds },
          { suffix: '_count', labels: { route }, value: all },
        ];
      }),
    },
    {
      name: 'smstats_http_requests_in_flight',
      help: 'Requests under way, event streams among them.',
      type: 'gauge',
      samples: [{ value: tally.inFlight }],
    },
    {
      name: 'smstats_http_rate_limited_total',
      help: 'Requests refused because their client asked too much.',
      type: 'counter',
      samples: [{ value: tally.limited }],
    },
    {
      name: 'smstats_event_streams',
      help: 'Streams of server-sent events that are open.',
      type: 'gauge',
      samples: [{ value: tally.streams }],
    },
  ];
}
