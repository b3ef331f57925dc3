/** A video or clip of the user's own catalogue, as far as matching looks at it. */
export interface Content {
  kind: 'video' | 'clip';
  id: string;
  title: string;
  description: string | null;
  /** With or without `#`. */
  hashtags: readonly string[];
  /** Seconds. */
  duration: number | null;
  /** An ISO-8601 instant or day. */
  publishedAt: string | null;
  url: string | null;
  /** The video that a clip was cut from, when known. */
  videoId?: string | null;
}

/** A post of any platform, as far as matching looks at it. */
export interface MatchPost {
  id: number;
  platform: string;
  externalPostId: string;
  url: string | null;
  caption: string | null;
  /** Seconds. */
  duration: number | null;
  /** An ISO-8601 instant. */
  postedAt: string | null;
}

/** When a match is accepted, and when a person is asked. All on the scale of scores, 0..1. */
export interface Thresholds {
  /** Accepted from this score on. */
  accept: number;
  /** Below `accept` but from here on, a person is asked. */
  review: number;
  /** How far the best must be ahead of every other content to be accepted. */
  margin: number;
}

/** Chosen on one half of the labelled set in `test/fixture/match/`; `npm run bench -- match` reports the other half. */
export const DEFAULT_THRESHOLDS: Thresholds = { accept: 0.75, review: 0.4, margin: 0.08 };

/** A content item that a post may show. */
export interface Candidate {
  kind: Content['kind'];
  id: string;
  /** 0..1: 1 for the content's own URL, 0.98 for a code, below that the words of the caption and what speaks for them. */
  score: number;
  method: 'url' | 'code' | 'hashtag' | 'caption_match';
  /** What spoke for or against it, for people. */
  evidence: string[];
}

/** What to do with a post. */
export interface Decision {
  postId: number;
  outcome: 'accepted' | 'review' | 'none';
  best: Candidate | undefined;
  /** The next best other content. */
  runnerUp: Candidate | undefined;
  /** Why, for people. */
  reason: string;
}
