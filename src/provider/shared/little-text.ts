/**
 * Reads LinkedIn's "little text": hashtags and mentions are templates in it, and its reserved characters are escaped.
 * The lengths are bounded so that a hostile text costs no more than its own.
 * https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format
 */
export function readLittleText(little: string): string {
  const form =
    /\{hashtag\|\\?[#＃]\|([^|{}]{1,300})\}|@\[((?:\\.|[^\]\\]){1,300})\]\(urn:[^)]{1,200}\)|\\([|{}@[\]()<>#\\*_~])/g;
  return little.replace(form, (_, hashtag?: string, mention?: string, reserved?: string) => {
    if (reserved !== undefined) return reserved;
    return unescapeReserved(hashtag === undefined ? (mention ?? '') : `#${hashtag}`);
  });
}

function unescapeReserved(escaped: string): string {
  return escaped.replace(/\\([|{}@[\]()<>#\\*_~])/g, '$1');
}
