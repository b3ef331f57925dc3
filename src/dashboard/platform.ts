import { h } from './dom.ts';

const PLATFORMS: Record<string, { name: string; sign: string }> = {
  tiktok: { name: 'TikTok', sign: 'Tt' },
  instagram: { name: 'Instagram', sign: 'Ig' },
  youtube: { name: 'YouTube', sign: 'Yt' },
  facebook: { name: 'Facebook', sign: 'f' },
  linkedin: { name: 'LinkedIn', sign: 'in' },
  twitter: { name: 'X', sign: 'X' },
  snapchat: { name: 'Snapchat', sign: 'Sc' },
  pinterest: { name: 'Pinterest', sign: 'P' },
  threads: { name: 'Threads', sign: '@' },
  bluesky: { name: 'Bluesky', sign: 'Bs' },
  mastodon: { name: 'Mastodon', sign: 'M' },
};

/** The name of a platform as it writes itself; another one as it is stored. */
export function platformName(platform: string): string {
  return PLATFORMS[platform]?.name ?? platform;
}

/** The platform as letters on its colour. Its name stands beside it: this is not read aloud. */
export function platformSign(platform: string, size: 'small' | 'medium' | 'large' = 'medium'): HTMLElement {
  const known = PLATFORMS[platform];
  const sign = known?.sign ?? [...platform].slice(0, 2).join('');
  const colour = known ? ` on-${platform}` : '';
  return h('span', { class: `platform-sign ${size}${colour}`, 'aria-hidden': 'true' }, sign);
}
