import type { RouteName } from './router.ts';
import type { View } from './view.ts';

/** A place in the navigation. */
export interface Place {
  /** Shown in the navigation. */
  label: string;
  /** Places of one group stand together; null stands alone on top. */
  group: string | null;
  /** Fetches the code of the view. Each file of `view/` exports it under the name `view`. */
  load(): Promise<{ view: View }>;
}

/** Every view; its code is fetched when it is first shown. */
export const VIEWS: Record<RouteName, Place> = {
  overview: { label: 'Overview', group: null, load: () => import('./view/overview.ts') },
  account: { label: 'Account', group: null, load: () => import('./view/account.ts') },
  posts: { label: 'Posts', group: 'Content', load: () => import('./view/posts.ts') },
  hashtags: { label: 'Hashtags', group: 'Content', load: () => import('./view/hashtags.ts') },
  'best-times': { label: 'Best times', group: 'Content', load: () => import('./view/best-times.ts') },
  mapping: { label: 'Mapping', group: 'Content', load: () => import('./view/mapping.ts') },
  audience: { label: 'Audience', group: 'Reach', load: () => import('./view/audience.ts') },
  campaigns: { label: 'Campaigns', group: 'Reach', load: () => import('./view/campaigns.ts') },
  usage: { label: 'API usage', group: 'Collection', load: () => import('./view/usage.ts') },
  schedule: { label: 'Schedule', group: 'Collection', load: () => import('./view/schedule.ts') },
};
