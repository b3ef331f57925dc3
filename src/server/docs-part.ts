import { html } from 'hono/html';
import type { Described, Operation, Schema } from './docs.ts';

/** What stands in the query of a route. */
export function renderParameters(document: Described, { parameters = [] }: Operation) {
  if (parameters.length === 0) return '';
  return html`<h4>Parameters</h4>
    <table>
      ${head()}
      <tbody>
        ${parameters.map(({ name, required, description, schema }) =>
          renderRow(name, typeText(document, schema), `${required ? 'Required. ' : ''}${description ?? ''}`),
        )}
      </tbody>
    </table>`;
}

/** What stands in the body of a route. */
export function renderBody(document: Described, { requestBody }: Operation) {
  const given = requestBody?.content['application/json']?.schema;
  if (!given) return '';
  const outer = resolve(document, given);
  const schema = outer.items ? resolve(document, outer.items) : outer;
  return html`<h4>Body${outer.items ? ': an array of' : ''}</h4>
    <table>
      ${head()}
      <tbody>
        ${Object.entries(schema.properties ?? {}).map(([name, each]) =>
          renderRow(name, typeText(document, each), resolve(document, each).description ?? ''),
        )}
      </tbody>
    </table>`;
}

/** How to call a route, and what it answers then. */
export function renderExample(document: Described, operation: Operation, base: string) {
  const { responses } = operation;
  const content = responses['200']?.content?.['application/json'];
  const reply = content?.example ?? exampleOf(content && resolve(document, content.schema));
  return html`<h4>Example</h4>
    <pre><code>${curl(document, operation, base)}</code></pre>
    ${reply === undefined ? '' : html`<pre><code>${JSON.stringify(reply)}</code></pre>`}
    <p>${responses['200']?.description ?? ''}</p>`;
}

/** How it can fail. */
export function renderFailures({ responses }: Operation) {
  const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400);
  return html`<details>
    <summary>Errors: ${failures.map(([status]) => status).join(', ')}</summary>
    <table>
      <tbody>
        ${failures.map(
          ([status, { description }]) =>
            html`<tr>
              <th scope="row">${status}</th>
              <td>${description}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

/** A line for a shell of POSIX: nothing in quotes is read by it. */
function curl(document: Described, { method, path, parameters = [], requestBody }: Operation, base: string): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const given = requestBody?.content['application/json']?.schema;
  if (given) {
    const outer = resolve(document, given);
    const one = exampleOf(outer.items ? resolve(document, outer.items) : outer) ?? {};
    return `curl -d ${quote(JSON.stringify(outer.items ? [one] : one))} ${base}${path}`;
  }
  const query = parameters
    .filter(({ required }) => required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(resolve(document, schema)) ?? '…'))}`);
  const url = `${base}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  return `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${query.length > 0 ? quote(url) : url}`;
}

function exampleOf(schema: Schema | undefined): unknown {
  return schema?.example ?? schema?.examples?.[0];
}

function resolve(document: Described, schema: Schema): Schema {
  const name = /^#\/components\/schemas\/(.+)$/.exec(schema.$ref ?? '')?.[1];
  return (name !== undefined && document.components?.schemas?.[name]) || schema;
}

/** What a value may be, in a few words. */
function typeText(document: Described, given: Schema): string {
  const schema = resolve(document, given);
  if (schema.enum) return schema.enum.filter((value) => value !== null).join(' | ');
  if (schema.anyOf) {
    const types = schema.anyOf.map((each) => typeText(document, each)).filter((text) => text !== '' && text !== 'null');
    return [...new Set(types)].join(' or ');
  }
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  const type = schema.items ? `${types.join(' or ')} of ${typeText(document, schema.items)}` : types.join(' or ');
  const { minimum, maximum } = schema;
  const bounds = maximum !== undefined && maximum < 1e15 ? `, ${minimum ?? 0} to ${maximum}` : '';
  const standard = schema.default === undefined ? '' : `, default ${String(schema.default)}`;
  return `${schema.format ?? type}${bounds}${standard}`;
}

function head() {
  return html`<thead>
    <tr>
      <th scope="col">Name</th>
      <th scope="col">Is</th>
      <th scope="col">What it is</th>
    </tr>
  </thead>`;
}

function renderRow(name: string, type: string, description: string) {
  return html`<tr>
    <th scope="row"><code>${name}</code></th>
    <td>${type}</td>
    <td>${description}</td>
  </tr>`;
}
