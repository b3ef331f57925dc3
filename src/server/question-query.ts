import { z } from '@hono/zod-openapi';
import { UsageError } from '../core/errors.ts';
import { optionName, type Parameter } from '../question/parameter.ts';

/** `min-views` is `min_views` in a URL. */
export function queryName({ name }: Parameter): string {
  return name.replaceAll('-', '_');
}

/** The parameters of a question as those of a URL. */
export function querySchema(parameters: readonly Parameter[]) {
  return z.object(Object.fromEntries(parameters.map((each) => [queryName(each), parameterSchema(each)])));
}

/** What was read of a URL, under the names that questions know; what was left out is what it is on the command line. */
export function toOptions(parameters: readonly Parameter[], read: Readonly<Record<string, unknown>>): object {
  const given = parameters.map((each) => [optionName(each), read[queryName(each)] ?? each.fallback] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** A sentence that was written for the command line, in the words of a URL. */
export function inApiWords(text: string, parameters: readonly Parameter[]): string {
  return text.replace(/--([a-z][a-z-]*)/g, (flag, name: string) => {
    const parameter = parameters.find((each) => each.name === name);
    return parameter ? queryName(parameter) : flag;
  });
}

function parameterSchema(parameter: Parameter) {
  const { summary, fallback, fallbackText, type } = parameter;
  const standard = fallbackText === undefined ? '' : ` (default: ${fallbackText})`;
  const text = z.string().transform((given, ctx) => {
    try {
      return readParameter(parameter, given);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const hint = error.hint === undefined || /\bsmstats\b/.test(error.hint) ? '' : ` (${error.hint})`;
      ctx.addIssue(inApiWords(error.message.replace(/\.$/, ''), [parameter]) + inApiWords(hint, [parameter]));
      return z.NEVER;
    }
  });
  const described = {
    description: `${summary[0]?.toUpperCase()}${inApiWords(summary.slice(1), [parameter])}${inApiWords(standard, [
      parameter,
    ])}.`,
    ...(fallback !== undefined && { default: fallback }),
  };
  const documented: { type: 'string' } & typeof described = { ...typeOf(type), ...described };
  return text.optional().openapi(documented);
}

function readParameter(parameter: Parameter, given: string): unknown {
  const { type } = parameter;
  if (type.kind === 'choice' && !type.choices.includes(given)) {
    throw new UsageError(
      `${queryName(parameter)} must be one of ${type.choices.join(', ')}, not "${given.slice(0, 80)}".`,
    );
  }
  if (type.kind !== 'switch') return parameter.read(given);
  if (['true', '1', ''].includes(given)) return true;
  if (['false', '0'].includes(given)) return undefined;
  throw new UsageError(`${queryName(parameter)} must be true or false, not "${given.slice(0, 80)}".`);
}

/** How a value is described; it arrives as text all the same. */
function typeOf(type: Parameter['type']): { type: 'string' } {
  return describeType(type) as { type: 'string' };
}

function describeType(type: Parameter['type']) {
  switch (type.kind) {
    case 'whole':
      return { type: 'integer', minimum: type.least, maximum: type.most } as const;
    case 'choice':
      return { type: 'string', enum: [...type.choices] } as const;
    case 'day':
      return { type: 'string', format: 'date' } as const;
    case 'number':
      return { type: 'number', minimum: 0 } as const;
    case 'switch':
      return { type: 'boolean' } as const;
    case 'text':
      return { type: 'string' } as const;
  }
}
