// https://rapidapi.com/artemlipko/api/instagram-statistics-api
import * as z from 'zod/mini';
import type { AgeGroup, Audience } from '../../core/account.ts';
import { id, text } from './shape.ts';

const share = z.nullish(z.number());
const shares = z.nullish(z.array(z.object({ category: id, value: share })));

/** The part of an account's numbers that is about its followers. */
export const audienceShape = z.object({
  membersCountries: shares,
  membersCities: shares,
  membersGendersAges: z.nullish(
    z.object({
      data: z.nullish(z.array(z.object({ category: text, m: share, f: share }))),
      summary: z.nullish(z.object({ m: share, f: share })),
    }),
  ),
});

/** Its age groups that are also ours: `35_45` ends before 45, and nobody below 13 has an account. Others lie across ours. */
const AGES = new Map<string | null | undefined, AgeGroup>([
  ['0_18', 'age_13_17'],
  ['35_45', 'age_35_44'],
]);

/** Reads who follows an account; nothing when it is not known. */
export function toAudience(community: z.output<typeof audienceShape>): Audience | undefined {
  const { membersCountries, membersCities, membersGendersAges: people } = community;
  const groups = people?.data ?? [];
  const ages = groups.flatMap(({ category, m, f }) => {
    const group = AGES.get(category);
    const [male, female] = [toPercent(m), toPercent(f)];
    return group && male !== null && female !== null ? [[group, male + female] as const] : [];
  });
  const [male, female] = [toPercent(people?.summary?.m), toPercent(people?.summary?.f)];
  const isKnown = (male ?? 0) + (female ?? 0) > 0;
  const countries = namesOf(membersCountries);
  const cities = namesOf(membersCities);
  if (ages.length === 0 && !isKnown && !countries && !cities) return undefined;
  return {
    ages: Object.fromEntries(ages),
    male: isKnown ? male : null,
    female: isKnown ? female : null,
    countries,
    cities,
  };
}

/** Shares are sent between 0 and 1. */
function toPercent(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && value >= 0 && value <= 1 ? value * 100 : null;
}

/** Categories, `united-states`: the names beside them are in several languages. */
function namesOf(list: z.output<typeof shares>): string[] | null {
  const sorted = (list ?? []).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return sorted.length > 0 ? [...new Set(sorted.map(({ category }) => category))] : null;
}
