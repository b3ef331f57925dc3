import { hasAccess, type ProviderSource } from '../../collect/source.ts';

/** Whether a provider can be asked as things are. */
export interface Readiness {
  isReady: boolean;
  /** What is missing, or that nothing is. */
  needs: string;
}

/** Says whether a provider can be asked, and what it needs first. */
export async function readiness(source: ProviderSource): Promise<Readiness> {
  const { provider, program } = source;
  if (provider.program && program !== undefined) return askProgram(provider.program, program);
  if (hasAccess(source)) return { isReady: true, needs: 'nothing more' };
  if (provider.program) return { isReady: false, needs: `the program ${provider.program}` };
  return { isReady: false, needs: `${provider.credential?.env} (${provider.credential?.source})` };
}

/** A program that is there may still not start. */
async function askProgram(name: string, path: string): Promise<Readiness> {
  const { findProgramVersion } = await import('../../provider/client/program.ts');
  const version = await findProgramVersion(path);
  return version === undefined
    ? { isReady: false, needs: `${name} that works: ${path} does not start` }
    : { isReady: true, needs: `nothing more (${name} ${version})` };
}
