import { POST_METRICS } from '../../src/core/metric.ts';
import { ENGAGEMENT_BASES } from '../../src/insight/engagement.ts';
import type { Provider } from '../../src/provider/provider.ts';

const REPORTED = '●';
const COMPUTED = '○';
const NONE = '–';
const ACCOUNT = ['followers', 'following', 'posts'];

/** The README's table of who reports what, what it needs and what it costs; one row a platform of a provider. */
export function platformTable(providers: readonly Provider[]): string {
  const head = [
    'Platform',
    'Provider',
    'Whose',
    ...[...ACCOUNT, ...POST_METRICS].map(capital),
    'Engagement',
    'Days',
    'Audience',
    'Needs',
    'Costs',
  ];
  const rows = providers.flatMap((provider) => provider.platforms.map((platform) => rowOf(provider, platform)));
  const order = [...new Set(rows.map(([platform]) => platform))];
  const sorted = rows.toSorted((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
  const lines = [head, head.map(() => '---'), ...sorted].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

function rowOf(provider: Provider, platform: string): string[] {
  const { name, covers, credential, program, price } = provider;
  const reports = provider.reportsByPlatform?.[platform] ?? provider.reports;
  const mark = (isReported: boolean) => (isReported ? REPORTED : NONE);
  const basis = ENGAGEMENT_BASES.find((each) => isBasis(reports, each));
  return [
    platform,
    `\`${name}\``,
    covers,
    ...ACCOUNT.map((metric) => mark(reports.account.includes(metric))),
    ...POST_METRICS.map((metric) => mark(reports.post.includes(metric))),
    basis === undefined ? NONE : `${COMPUTED} of ${basis}`,
    mark((reports.day ?? []).length > 0),
    mark(reports.audience ?? false),
    credential ? `\`${credential.env}\`` : program ? `the program \`${program}\`` : 'nothing',
    price ?? 'nothing',
  ];
}

function isBasis({ account, post }: Provider['reports'], basis: string): boolean {
  if (post.length === 0) return false;
  return basis === 'followers' ? account.includes(basis) : (post as readonly string[]).includes(basis);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
