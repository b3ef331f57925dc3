/** Replaces secrets in text before it is printed, logged or stored. */
export type Redact = (text: string) => string;

const MIN_SECRET = 6;

/**
 * What a secret looks like. The text may be a hostile host's: what stands before the end of a pattern is bounded, or a
 * megabyte would be gone through again from each of its characters.
 */
export const SHAPES: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s{1,20}[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***'],
  // Also behind `x-rapidapi-`, `client_` or `refresh_`, and in JSON within JSON.
  [/((?:api|client)[-_]?key|token|secret|password)(\\?["']?\s{0,20}[=:]\s{0,20}\\?["']?)[^\s"'&,;}]{6,}/gi, '$1$2***'],
  [/\b((?:device_)?code(?:_verifier)?=)[^\s"'&,;}]{6,}/gi, '$1***'],
  [/(\/\/[^\s:/@]{0,256}):[^\s@/]{1,1024}@/g, '$1:***@'],
];

/** Replaces what looks like a secret. For messages only: in stored captions it would be somebody's words. */
export function redactShapes(text: string): string {
  let result = text;
  for (const [pattern, replacement] of SHAPES) result = result.replace(pattern, replacement);
  return result;
}

/**
 * Builds a redactor that knows the loaded secrets in every form they travel in: plain, URL-encoded as an address or a
 * form is, JSON-escaped, and in base64, be it as a part of something longer such as `id:secret`.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET) continue;
    for (const form of [secret, ...urlForms(secret), ...jsonForms(secret), ...base64Forms(secret)]) forms.add(form);
  }
  const known = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const form of known) result = result.replaceAll(form, '***');
    return result;
  };
}

function urlForms(secret: string): string[] {
  const forms = [encodeURIComponent(secret.toWellFormed()), new URLSearchParams({ '': secret }).toString().slice(1)];
  return [...forms, ...forms.map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** Some vendors escape slashes as well. */
function jsonForms(secret: string): string[] {
  const form = JSON.stringify(secret).slice(1, -1);
  return [form, form.replaceAll('/', '\\/')];
}

/** Base64 as a whole, and what it holds of the secret when none, one or two bytes of a group of three stand before it. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
  });
  const forms = [bytes.toString('base64').replace(/=+$/, ''), ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}
