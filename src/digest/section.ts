import { competitorSection, publishedSection } from './account-section.ts';
import type { DigestSection } from './column.ts';
import type { Digest } from './digest.ts';
import { alertSection, anomalySection, campaignSection, milestoneSection } from './event-section.ts';
import { agedSection, hashtagSection, topPostsSection } from './post-section.ts';
import { qualitySection } from './quality-section.ts';

/** All the rest, in order; what has no content is left out. */
export function otherSections(digest: Digest): DigestSection[] {
  const sections = [
    publishedSection(digest),
    topPostsSection(digest),
    agedSection(digest),
    hashtagSection(digest),
    anomalySection(digest),
    alertSection(digest),
    campaignSection(digest),
    milestoneSection(digest),
    competitorSection(digest),
    qualitySection(digest),
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}
