import { facebookPagesRecording } from './facebook-pages-recording.ts';
import { instagramGraphRecording } from './instagram-graph-recording.ts';
import { threadsRecording } from './threads-recording.ts';
import { ytDlpTikTokRecording, ytDlpYouTubeRecording } from './yt-dlp-recording.ts';
import {
  tiktokApi23Recording,
  tiktokScraper7Recording,
  tiktokVideoFeatureSummaryRecording,
} from './tiktok-recordings.ts';
import { blueskyRecording } from './bluesky-recording.ts';
import { hikerapiRecording } from './hikerapi-recording.ts';
import { instagramLooter2Recording } from './instagram-looter2-recording.ts';
import { instagramStatisticsRecording } from './instagram-statistics-recording.ts';
import { linkedinRecording } from './linkedin-recording.ts';
import { mastodonRecording } from './mastodon-recording.ts';
import { pinterestRecording } from './pinterest-recording.ts';
import type { Recording } from './recording.ts';
import { snapchatRecording } from './snapchat-recording.ts';
import { tiktokDisplayRecording } from './tiktok-display-recording.ts';
import { xRecording } from './x-recording.ts';
import { youtubeRecording } from './youtube-recording.ts';

/** What was recorded of each provider, for the test that plays it back on loopback. */
export const RECORDINGS: readonly Recording[] = [
  tiktokScraper7Recording,
  tiktokVideoFeatureSummaryRecording,
  tiktokApi23Recording,
  tiktokDisplayRecording,
  instagramLooter2Recording,
  hikerapiRecording,
  instagramStatisticsRecording,
  youtubeRecording,
  xRecording,
  linkedinRecording,
  pinterestRecording,
  snapchatRecording,
  blueskyRecording,
  mastodonRecording,
  instagramGraphRecording,
  facebookPagesRecording,
  threadsRecording,
  ytDlpTikTokRecording,
  ytDlpYouTubeRecording,
];
