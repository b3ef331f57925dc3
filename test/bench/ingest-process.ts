import { answerOf, listStoredPosts, openJob, saveDay } from './account-day.ts';
import { openBenchStore } from './history.ts';

// Saves one day of every account of a database, one account at a time: `node ingest-process <database> <day>`. Without a
// day it only opens the database.
const [path = '', day = ''] = process.argv.slice(2);

async function ingest(): Promise<void> {
  const store = await openBenchStore(path);
  for (const account of day === '' ? [] : listStoredPosts(store.connection)) {
    const id = await openJob(store, account.id, day);
    await saveDay(store, account, answerOf(account, day, 400), { id, day });
  }
  await store.close();
}

void ingest();
