/**
 * What a provider of one's own is made of, as users import it: `smstats/provider`. A module may also do without it, for
 * an error that has a `problem` counts as a ProviderError.
 */
export type {
  AccountAnswer,
  AgeGroup,
  Audience,
  DailyInsight,
  DailyMetric,
  MediaType,
  Post,
  Profile,
} from '../../core/account.ts';
export { ProviderError, type ProviderProblem } from '../../core/errors.ts';
export { toMetric, type PostMetric, type PostMetrics } from '../../core/metric.ts';
export type { QuotaRule, QuotaUnit, ReportedQuota } from '../../core/quota.ts';
export type { Failure, Reply } from '../client/failure.ts';
export { collectPages, type Page } from '../shared/page.ts';
export type { Answer, Ask, Credential, ProgramOutput, Provider, ReadRequest } from '../provider.ts';
