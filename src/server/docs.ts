import { html } from 'hono/html';
import { renderBody, renderExample, renderFailures, renderParameters } from './docs-part.ts';

/** A route as the document describes it. */
export interface Operation {
  method: string;
  path: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema; example?: unknown }> }>;
}

/** As much of a JSON schema as the page shows. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  description?: string;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
}

/** As much of an OpenAPI document as the page shows. */
export interface Described {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths?: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>;
  components?: { schemas?: Record<string, Schema> };
}

/**
 * The description of the API as a page: its routes, what each takes and answers, and how to call it with curl. Without a
 * script, and without anything from elsewhere.
 * @param base where the server listens: `http://127.0.0.1:8001`.
 */
export async function renderDocs(document: Described, base: string): Promise<string> {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => ({ ...operation, method, path })),
  );
  const groups = (document.tags ?? []).map((tag) => ({
    ...tag,
    operations: operations.filter(({ tags = [] }) => tags.includes(tag.name)),
  }));
  const { title, version, description = '' } = document.info;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} API</title>
        <link rel="stylesheet" href="/docs.css" />
      </head>
      <body>
        <header>
          <h1>${title} API <small>${version}</small></h1>
          <p>${description.replaceAll('`', '')}</p>
          <p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). <a href="/">Dashboard</a></p>
        </header>
        <nav aria-label="Routes">
          ${groups.map(
            ({ name, operations: listed }) =>
              html`<h2>${capital(name)}</h2>
                <ul>
                  ${listed.map(
                    (each) =>
                      html`<li>
                        <a href="#${anchor(each)}"><b>${each.method.toUpperCase()}</b> ${shortPath(each.path)}</a>
                      </li>`,
                  )}
                </ul>`,
          )}
        </nav>
        <main>
          ${groups.map(
            (group) =>
              html`<h2>${capital(group.name)}</h2>
                <p>${(group.description ?? '').replaceAll('`', '')}</p>
                ${group.operations.map((each) => renderOperation(document, each, base))}`,
          )}
        </main>
      </body>
    </html>`;
  return String(await page);
}

function renderOperation(document: Described, operation: Operation, base: string) {
  const { method, path, summary = '', description = '' } = operation;
  return html`<section id="${anchor(operation)}">
    <h3><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></h3>
    <p><strong>${summary}</strong></p>
    <p>${description.replaceAll('`', '')}</p>
    ${renderParameters(document, operation)} ${renderBody(document, operation)}
    ${renderExample(document, operation, base)} ${renderFailures(operation)}
  </section>`;
}

function anchor({ method, path }: Operation): string {
  return `${method}-${path.replace(/^\/(api\/social-media\/)?/, '').replaceAll('/', '-')}`;
}

function shortPath(path: string): string {
  return path.replace('/api/social-media/', '');
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
