import { hasAccess, type ProviderSource } from '../../collect/source.ts';

/** Whether a provider can be asked as things are. */
export interface Readiness {
  isReady: boolean;
  /** What is missing, or that nothing is. */
  needs: string;
}

/** Says whether a provider can be asked, and what it needs first. */
export function readiness(source: ProviderSource): Readiness {
  const { provider, program } = source;
  if (hasAccess(source)) return { isReady: true, needs: program ? `nothing more: ${program}` : 'nothing more' };
  if (provider.program) return { isReady: false, needs: `the program ${provider.program}` };
  return { isReady: false, needs: `${provider.credential?.env} (${provider.credential?.source})` };
}
