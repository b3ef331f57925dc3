// https://rapidapi.com/artemlipko/api/instagram-statistics-api
import * as z from 'zod/mini';
import type { AgeGroup, Audience } from '../../core/account.ts';
import { id, readShape, text } from './shape.ts';

const share = z.nullish(z.number());
const shares = z.nullish(z.array(z.object({ category: id, name: text, value: share })));

/** The part of an account's numbers that is about its followers. */
const community = z.object({
  data: z.object({
    membersCountries: shares,
    membersCities: shares,
    membersGendersAges: z.nullish(
      z.object({
        data: z.nullish(z.array(z.object({ category: text, m: share, f: share }))),
        summary: z.nullish(z.object({ m: share, f: share })),
      }),
    ),
  }),
});

/**
 * Its age groups that are also ours. It cuts people up in two ways, and only in one of them does `35_45` follow `30_35`,
 * so that it ends before 45. Nobody below 13 has an account. Other groups lie across ours.
 */
const AGES = new Map<string, AgeGroup>([
  ['0_18', 'age_13_17'],
  ['13_17', 'age_13_17'],
  ['18_24', 'age_18_24'],
  ['25_34', 'age_25_34'],
  ['35_44', 'age_35_44'],
  ['35_45', 'age_35_44'],
  ['45_54', 'age_45_54'],
  ['55_64', 'age_55_64'],
]);

function toAgeGroup(category: string | null | undefined): AgeGroup | undefined {
  return category?.startsWith('65_') ? 'age_65_plus' : AGES.get(category ?? '');
}

/**
 * Reads who follows an account; nothing when it is not known.
 * @throws ProviderError when it comes in an unknown form.
 */
export function readAudience(provider: string, body: unknown): Audience | undefined {
  const { membersCountries, membersCities, membersGendersAges: people } = readShape(provider, community, body).data;
  const groups = people?.data ?? [];
  const ages = groups.flatMap(({ category, m, f }) => {
    const group = toAgeGroup(category);
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

/** Where a category says which list it stands in, and not which place it is. */
const LIST_NAME = /^(?:countries|cities)$/;

/** Categories, `united-states`: the names beside them are in several languages, unless they are the only ones that differ. */
function namesOf(list: z.output<typeof shares>): string[] | null {
  const sorted = (list ?? []).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const [first] = sorted;
  const isList = first && (sorted.length > 1 || LIST_NAME.test(first.category));
  const isSame = isList && sorted.every(({ category }) => category === first.category);
  const names = sorted.flatMap(({ category, name }) => (isSame ? (name ?? []) : category));
  return names.length > 0 ? [...new Set(names)] : null;
}
