import type { PostMetrics } from './metric.ts';

/** What a provider says of an account, in our own terms. Null is unknown. */
export interface Profile {
  externalId: string | null;
  displayName: string | null;
  bio: string | null;
  profilePicUrl: string | null;
  isVerified: boolean | null;
  isBusiness: boolean | null;
  followers: number | null;
  following: number | null;
  posts: number | null;
}

/** The kinds of post that the platforms know between them. */
export type MediaType = 'video' | 'image' | 'carousel' | 'text' | 'link' | 'story';

/** What a provider says of a post, in our own terms. Null is unknown. */
export interface Post {
  /** The platform's id. A string: such ids exceed 2^53. */
  externalId: string;
  url: string | null;
  caption: string | null;
  mediaType: MediaType | null;
  thumbnailUrl: string | null;
  mediaUrl: string | null;
  /** Seconds. */
  duration: number | null;
  postedAt: Date | null;
  metrics: PostMetrics;
}

/** One provider's whole answer about one account: the unit that is saved, or not. */
export interface AccountAnswer {
  profile: Profile;
  /** In the provider's order, pinned posts where it put them, each id once. */
  posts: Post[];
}
