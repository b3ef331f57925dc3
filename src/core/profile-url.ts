import type { Handle } from './platform.ts';
import { webLink } from './web-link.ts';

/** The page of an account, by platform. LinkedIn is not here: its addresses differ for people, companies and schools. */
const PAGES: Record<string, (username: string) => string> = {
  tiktok: (name) => `https://www.tiktok.com/@${name}`,
  instagram: (name) => `https://www.instagram.com/${name}/`,
  youtube: (name) => `https://www.youtube.com/@${name}`,
  facebook: (name) => `https://www.facebook.com/${name}`,
  twitter: (name) => `https://x.com/${name}`,
  snapchat: (name) => `https://www.snapchat.com/add/${name}`,
  pinterest: (name) => `https://www.pinterest.com/${name}/`,
  threads: (name) => `https://www.threads.com/@${name}`,
  bluesky: (name) => `https://bsky.app/profile/${name}`,
};

/** Where people see an account; null where that is not known. */
export function profileUrl({ platform, username }: Handle): string | null {
  if (platform === 'mastodon') {
    const [user = '', instance = ''] = username.split('@');
    return /^[a-z0-9.-]+$/i.test(instance) ? webLink(`https://${instance}/@${encodeURIComponent(user)}`) : null;
  }
  return webLink(PAGES[platform]?.(encodeURIComponent(username)));
}
