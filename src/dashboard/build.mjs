// Builds the dashboard: `node src/dashboard/build.mjs [directory]`, by default dist/dashboard.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const SOURCE = import.meta.dirname;
const ROOT = resolve(SOURCE, '../..');
const target = resolve(process.argv[2] ?? join(ROOT, 'dist/dashboard'));
const assets = join(target, 'assets');

rmSync(target, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });

const bundle = await rolldown({ input: join(SOURCE, 'main.ts'), platform: 'browser', logLevel: 'warn' });
const { output } = await bundle.write({
  dir: assets,
  format: 'esm',
  minify: true,
  entryFileNames: '[name]-[hash].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();

const script = output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
const style = writeHashed(
  'style.css',
  ['node_modules/uplot/dist/uPlot.min.css', 'src/dashboard/style.css', 'src/dashboard/view-style.css']
    .map((file) => squeeze(readFileSync(join(ROOT, file), 'utf8')))
    .join('\n'),
);
const icon = writeHashed('favicon.svg', readFileSync(join(SOURCE, 'favicon.svg'), 'utf8'));
const preload = script.imports.map((name) => `<link rel="modulepreload" href="/assets/${name}" />`);
const page = readFileSync(join(SOURCE, 'index.html'), 'utf8')
  .replace('/assets/main.js', `/assets/${script.fileName}`)
  .replace('/assets/style.css', `/assets/${style}`)
  .replace('/assets/favicon.svg', `/assets/${icon}`)
  .replace('  </head>', `    ${preload.join('\n    ')}\n  </head>`);
writeFileSync(join(target, 'index.html'), page);

/** Writes a file under a name that changes with what is in it. */
function writeHashed(name, text) {
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8);
  const hashed = name.replace('.', `-${hash}.`);
  writeFileSync(join(assets, hashed), text);
  return hashed;
}

/** Takes comments and indentation off a style sheet; the rest is left to compression. */
function squeeze(css) {
  return css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\n\s*/g, '\n')
    .trim();
}
