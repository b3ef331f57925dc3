/** Replaces secrets in text before it is printed, logged or stored. */
export type Redact = (text: string) => string;

const MIN_SECRET = 6;
const PATTERNS: [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***'],
  [
    /\b((?:x-)?(?:rapid)?api[-_]?key|access_token|token|secret|password)(["']?\s*[=:]\s*["']?)[^\s"'&,;}]{6,}/gi,
    '$1$2***',
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:***@'],
];

/** Replaces what looks like a secret. For messages only: in stored captions it would be somebody's words. */
export function redactShapes(text: string): string {
  let result = text;
  for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
  return result;
}

/**
 * Builds a redactor that knows the loaded secrets in every form they travel in: plain, URL-encoded, base64,
 * JSON-escaped.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET) continue;
    const encoded = [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    for (const base64 of [Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url')]) {
      encoded.push(base64.replace(/=+$/, ''));
    }
    for (const form of [secret, ...encoded]) forms.add(form);
  }
  const known = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const form of known) result = result.replaceAll(form, '***');
    return result;
  };
}
