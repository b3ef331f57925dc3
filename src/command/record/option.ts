import { Option } from 'commander';
import { expectedOf, type Field } from '../../record/field.ts';

/** A flag and the field that it is for. */
export interface FieldOption {
  option: Option;
  field: Field;
}

const PLACEHOLDER: Record<Field['kind'], string> = {
  row: 'id',
  count: 'n',
  rate: 'percent',
  share: 'percent',
  money: 'amount',
  day: 'YYYY-MM-DD',
  instant: 'instant',
  id: 'id',
  text: 'text',
  names: 'list',
  currency: 'EUR',
};

/** A flag for each field. Its text is read, and judged, together with all others. */
export function fieldOptions(fields: readonly Field[]): FieldOption[] {
  return fields.map((field) => {
    const flag = `--${field.name.replaceAll('_', '-')} <${PLACEHOLDER[field.kind]}>`;
    const summary = field.choices ? `${field.summary}: ${expectedOf(field)}` : field.summary;
    return { option: new Option(flag, summary), field };
  });
}

/** The fields that were given, by name. */
export function givenFields(options: readonly FieldOption[], given: Record<string, unknown>): Record<string, unknown> {
  const fields = options.map(({ option, field }) => [field.name, given[option.attributeName()]] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
