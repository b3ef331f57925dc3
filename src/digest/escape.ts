/** Text as HTML or SVG text, or as the value of an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** An address as the target of a Markdown link. */
export function markdownTarget(href: string): string {
  const plain = href.replace(/[<>|`\\\s]/g, (char) => encodeURIComponent(char));
  // What would be read as a character's name is written out, so that it stays what it is.
  return `<${plain.replace(/&(?=#?\w+;)/g, '&amp;')}>`;
}
