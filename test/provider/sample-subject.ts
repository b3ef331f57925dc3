import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLE_USERNAME } from '../../src/provider/sample.ts';
import type { EmbeddedSubject } from './subject.ts';

const FOLDER = join(import.meta.dirname, '../../src/provider/sample');

function listIds(page: string): string[] {
  const { data } = JSON.parse(readFileSync(join(FOLDER, page), 'utf8')) as { data: { videos: { video_id: string }[] } };
  return data.videos.map(({ video_id }) => video_id);
}

/** What the sample holds. It asks for a profile and two pages. */
export const sampleSubject: EmbeddedSubject = {
  kind: 'embedded',
  username: SAMPLE_USERNAME,
  postCount: 36,
  requestCount: 3,
  pinnedId: '7429779620297231647',
  repeatedId: '7438591144070908107',
  listedIds: [...listIds('user-posts-page1.json'), ...listIds('user-posts-page2.json')],
  missingMetric: 'saves',
};
