/**
 * Text as Markdown: no markup, no table cell that ends early, and nothing that GitHub's flavour would make a link of by
 * itself. Line breaks must be gone already.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\|`*_<>[\]#~&!]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/(?<=www)\./gi, '\\.')
    .replace(/(?<=\S)@/g, '\\@');
}
