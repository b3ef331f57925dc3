/** What a spreadsheet would run as a formula, also in its full-width forms. */
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;
/** The same behind marks that the text has of its own, and text of marks alone. */
const MARKED = /^'+(?:[=+\-@\t\r\n\0＝＋－＠]|$)/;

/** True for text that a spreadsheet would run. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text);
}

/**
 * Puts a `'` before text that a spreadsheet would run, and before text that looks marked already. Empty text becomes a
 * mark alone: an empty cell is what is not known.
 */
export function markFormula(text: string): string {
  return text === '' || FORMULA.test(text) || MARKED.test(text) ? `'${text}` : text;
}

/** The text that was marked. */
export function unmarkFormula(text: string): string {
  return MARKED.test(text) ? text.slice(1) : text;
}
