import { sql, type Kysely, type RawBuilder } from 'kysely';
import { engineOf } from '../store/engine.ts';
import type { Database } from '../store/schema.ts';

/**
 * True where a text column has `text` somewhere, with upper and lower case the same in every script, and composed and
 * decomposed letters as well. SQLite's `lower` knows ASCII alone and PostgreSQL's what its locale knows, so the cases
 * stand in the pattern, which both compare by code point: "é" is `[éÉ]`. A letter whose other case is several letters
 * (ß, SS) is itself alone.
 */
export function containsText(db: Kysely<Database>, column: string, text: string): RawBuilder<boolean> {
  const isSqlite = engineOf(db) === 'sqlite';
  const patterns = new Set([text.normalize('NFC'), text.normalize('NFD')]);
  const conditions = [...patterns].map((form) => {
    const characters = Array.from(form, (character) => (isSqlite ? globOf(character) : regexOf(character))).join('');
    return isSqlite ? sql`${sql.ref(column)} glob ${`*${characters}*`}` : sql`${sql.ref(column)} ~ ${characters}`;
  });
  return sql<boolean>`(${sql.join(conditions, sql` or `)})`;
}

function globOf(character: string): string {
  const cases = casesOf(character);
  return cases.length > 1 || '*?['.includes(character) ? `[${cases.join('')}]` : character;
}

function regexOf(character: string): string {
  const cases = casesOf(character);
  if (cases.length > 1) return `[${cases.join('')}]`;
  return /^[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/.test(character) ? `\\${character}` : character;
}

/** The letter in its cases, each of one code point. */
function casesOf(character: string): string[] {
  const cases = new Set([character]);
  for (const each of cases) {
    for (const other of [each.toLowerCase(), each.toUpperCase()]) if (Array.from(other).length === 1) cases.add(other);
    // The end of a Greek word: nothing has it as its lower case.
    if (each === 'σ') cases.add('ς');
  }
  return [...cases];
}
