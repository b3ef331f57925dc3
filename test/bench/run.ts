import { type Board, Result } from './board.ts';
import { benchCollect } from './collect.ts';
import { benchForecast } from './forecast.ts';
import { benchExport } from './export.ts';
import { withDirectory } from './history.ts';
import { benchIngest } from './ingest.ts';
import { benchMatch } from './match.ts';
import { benchPostgres } from './postgres.ts';
import { benchQuestions } from './question.ts';
import { createReferences, type References } from './reference.ts';
import { benchServe } from './serve.ts';
import { benchStartUp } from './start-up.ts';

/** Every suite by the name that picks it: `npm run bench -- question ingest`. */
const SUITES: Record<string, (board: Board, references: References) => Promise<void>> = {
  'start-up': benchStartUp,
  question: benchQuestions,
  ingest: benchIngest,
  collect: benchCollect,
  postgres: benchPostgres,
  match: benchMatch,
  export: benchExport,
  forecast: benchForecast,
  serve: benchServe,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in SUITES));
if (unknown !== undefined) {
  process.stderr.write(`There is no suite "${unknown}": ${Object.keys(SUITES).join(', ')}\n`);
  process.exit(2);
}

const result = new Result();
await withDirectory(async (directory) => {
  const references = createReferences(directory);
  for (const [name, bench] of Object.entries(SUITES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const start = performance.now();
    process.stdout.write(`${name}\n`);
    await bench(result.board(name), references);
    process.stdout.write(`  took ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
});
process.stdout.write(`\n${result.render()}\n`);
process.exitCode = result.isMet ? 0 : 1;
