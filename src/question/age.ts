import { choice, type Parameter } from './parameter.ts';

/** The ages at which posts are compared, in hours. */
export const COMPARED_AGES = { '48h': { hours: 48, name: '48 hours' }, '7d': { hours: 168, name: '7 days' } } as const;

/** The age at which posts are compared. */
export const AGE: Parameter = choice('age', 'age', 'the age at which posts are compared', Object.keys(COMPARED_AGES), {
  fallback: '7d',
});
