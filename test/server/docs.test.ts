import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { expect, onTestFinished, test } from 'vitest';
import { renderDocs } from '../../src/server/docs.ts';
import { listen } from '../../src/server/listen.ts';
import { openApi } from '../helper/api.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

function elementsOf(html: string): Element[] {
  const list = (node: Node): Element[] => [
    ...('tagName' in node ? [node] : []),
    ...('childNodes' in node ? node.childNodes.flatMap(list) : []),
  ];
  return list(parse(html));
}

const attribute = (element: Element, name: string) => element.attrs.find((each) => each.name === name)?.value;

test('the page shows every route, without a script and without anything from elsewhere', async () => {
  const api = await openApi();
  const reply = await api.get('/docs');
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  expect(reply.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
  const { paths } = (await api.get('/openapi.json')).body as { paths: Record<string, object> };
  for (const path of Object.keys(paths)) expect(reply.text).toContain(`<code>${path}</code>`);
  const elements = elementsOf(reply.text);
  expect(elements.filter(({ tagName }) => ['script', 'style', 'img', 'iframe'].includes(tagName))).toEqual([]);
  expect(elements.flatMap(({ attrs }) => attrs.filter(({ name }) => /^on|^style$/.test(name)))).toEqual([]);
  const links = elements.flatMap((element) => attribute(element, 'href') ?? []);
  expect(links.filter((link) => !/^[/#]/.test(link))).toEqual([]);
  const ids = elements.flatMap((element) => attribute(element, 'id') ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  expect(links.filter((link) => link.startsWith('#') && !ids.includes(link.slice(1)))).toEqual([]);
  const style = await api.get('/docs.css');
  expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  expect(style.text).not.toMatch(/url\(|@import/);
});

test('what the document says is text on the page', async () => {
  const evil = '<script>alert(1)</script>"\'&';
  const operation = { tags: [evil], summary: evil, description: evil, responses: { 200: { description: evil } } };
  const page = await renderDocs(
    {
      info: { title: evil, version: '1', description: evil },
      tags: [{ name: evil }],
      paths: { '/x"><script>': { get: operation } },
    },
    'http://127.0.0.1:8001',
  );
  expect(elementsOf(page).filter(({ tagName }) => tagName === 'script')).toEqual([]);
});

test('every line of curl on the page works in a shell, in the order of the page', async () => {
  const api = await openApi();
  const { url, close } = await listen(api.context, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => close(AbortSignal.abort()));
  const page = await (await fetch(`${url}/docs`)).text();
  const lines = elementsOf(page)
    .filter(({ tagName }) => tagName === 'code')
    .map((element) => element.childNodes.map((node) => ('value' in node ? node.value : '')).join(''))
    .filter((text) => text.startsWith('curl ') && text.includes('/metrics/'));
  expect(lines).toHaveLength(11);
  for (const line of lines) {
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -sS -w '%{http_code}'`]);
    expect(stdout, line).toMatch(/^\{"success":true,.*\}200$/);
  }
});
