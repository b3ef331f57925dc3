import { expect, test } from 'vitest';
import { PROVIDERS, type ProviderName } from '../../src/provider/index.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { blueskySubject } from './bluesky-subject.ts';
import { checkContract, EMBEDDED_CASES, NETWORK_CASES, printResults } from './contract.ts';
import { facebookPagesSubject } from './facebook-pages-subject.ts';
import { hikerapiSubject } from './hikerapi-subject.ts';
import { instagramGraphSubject } from './instagram-graph-subject.ts';
import { instagramLooter2Subject } from './instagram-looter2-subject.ts';
import { instagramStatisticsSubject } from './instagram-statistics-subject.ts';
import { linkedinSubject } from './linkedin-subject.ts';
import { mastodonSubject } from './mastodon-subject.ts';
import { pinterestSubject } from './pinterest-subject.ts';
import { sampleSubject } from './sample-subject.ts';
import { snapchatSubject } from './snapchat-subject.ts';
import type { Subject } from './subject.ts';
import { threadsSubject } from './threads-subject.ts';
import { tiktokApi23Subject } from './tiktok-api23-subject.ts';
import { tiktokDisplaySubject } from './tiktok-display-subject.ts';
import { createTikwmSubject } from './tikwm-subject.ts';
import { xSubject } from './x-subject.ts';
import { youtubeSubject } from './youtube-subject.ts';
import { ytDlpSubject } from './yt-dlp-subject.ts';

/** Every provider stands the same test; one without a subject does not compile. */
const SUBJECTS: Record<ProviderName, Subject> = {
  'tiktok-scraper7': createTikwmSubject({
    info: 'tiktok-scraper7/user-info.json',
    posts: 'tiktok-scraper7/user-posts-page1.json',
  }),
  'tiktok-video-feature-summary': createTikwmSubject({
    info: 'tiktok-video-feature-summary/user-info.json',
    posts: 'tiktok-video-feature-summary/user-posts.json',
  }),
  'tiktok-api23': tiktokApi23Subject,
  'tiktok-display': tiktokDisplaySubject,
  'instagram-looter2': instagramLooter2Subject,
  hikerapi: hikerapiSubject,
  'instagram-statistics': instagramStatisticsSubject,
  'instagram-graph': instagramGraphSubject,
  youtube: youtubeSubject,
  'facebook-pages': facebookPagesSubject,
  x: xSubject,
  linkedin: linkedinSubject,
  threads: threadsSubject,
  pinterest: pinterestSubject,
  snapchat: snapchatSubject,
  bluesky: blueskySubject,
  mastodon: mastodonSubject,
  'yt-dlp': ytDlpSubject,
  sample: sampleSubject,
};

for (const provider of Object.values<Provider>(PROVIDERS)) {
  checkContract(provider, SUBJECTS[provider.name as ProviderName]);
}
printResults();

test('the registry lists each provider under its own name', () => {
  for (const [name, provider] of Object.entries<Provider>(PROVIDERS)) expect(provider.name).toBe(name);
  expect(Object.keys(SUBJECTS).toSorted()).toEqual(Object.keys(PROVIDERS).toSorted());
});

test('no provider is left out of a case that applies to it', () => {
  const kinds = Object.entries(SUBJECTS).map(([name, { kind }]) => [name, kind]);
  expect(kinds.filter(([, kind]) => kind === 'embedded')).toEqual([['sample', 'embedded']]);
  expect(Object.keys(EMBEDDED_CASES)).toHaveLength(Object.keys(NETWORK_CASES).length);
  for (const subject of Object.values(SUBJECTS)) {
    const exempt = subject.kind === 'network' ? Object.keys(subject.exempt ?? {}) : [];
    expect(exempt.filter((name) => !(name in NETWORK_CASES))).toEqual([]);
  }
});
