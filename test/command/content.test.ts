import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { queryDatabase, queryRows } from '../helper/query-database.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

let home: string;
beforeEach(() => {
  home = makeHome();
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(home, name);
  writeFileSync(path, content);
  return path;
}

/** Imports text or bytes as a file of that name. */
async function importFile(content: string | Uint8Array, name = 'list.csv', ...flags: string[]) {
  return runCli(['content', 'import', write(name, content), ...flags], { home });
}

const counts = ({ stdout }: { stdout: string }) => {
  const { data } = JSON.parse(stdout) as { data: { videos: object; clips: object } };
  return { videos: Object.values(data.videos), clips: Object.values(data.clips) };
};
const videos = (columns = 'id, title') => queryRows(home, `SELECT ${columns} FROM videos ORDER BY id`);
const isEmpty = () =>
  queryRows(home, 'SELECT (SELECT count(*) FROM videos) + (SELECT count(*) FROM clips)')[0]?.[0] === 0;

const FULL = `id;Video ID;Name;Tags;Length;Date;Link;Caption
v1;;"Sprinkler; blocker";"#DIY, water";1:30;2026-01-31;https://x.org/y;"two\r\nlines"
c1;v1;=1+1;;PT15S;2026-02-01T10:00:00+02:00;;
;;;;;;;
`;

describe('content import', () => {
  test('understands the usual names, delimiters, times and quotes', async () => {
    const result = await importFile(FULL);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain('a published day without a time counts as midnight UTC');
    expect(queryDatabase(home, 'SELECT * FROM videos')).toEqual([
      {
        id: 'v1',
        title: 'Sprinkler; blocker',
        description: 'two\nlines',
        hashtags: '#DIY water',
        duration: 90,
        published_at: '2026-01-31T00:00:00.000Z',
        url: 'https://x.org/y',
        created_at: expect.any(String),
      },
    ]);
    expect(queryDatabase(home, 'SELECT * FROM clips')).toMatchObject([
      { id: 'c1', video_id: 'v1', title: '=1+1', duration: 15, published_at: '2026-02-01T08:00:00.000Z', url: null },
    ]);
  });

  test('the same file again changes nothing; a changed title is one change; each is on record', async () => {
    expect(counts(await importFile(FULL, 'list.csv', '--json'))).toEqual({ videos: [1, 0, 0], clips: [1, 0, 0] });
    expect(counts(await importFile(FULL, 'list.csv', '--json'))).toEqual({ videos: [0, 0, 1], clips: [0, 0, 1] });
    const changed = FULL.replace('Sprinkler; blocker', 'Sprinkler');
    expect(counts(await importFile(changed, 'list.csv', '--json'))).toEqual({ videos: [0, 1, 0], clips: [0, 0, 1] });
    expect(queryRows(home, 'SELECT action, table_name, row_id, before_json, after_json FROM audit_log')).toEqual([
      [
        'import',
        'videos, clips',
        'list.csv',
        null,
        expect.stringContaining('"file":"list.csv","videos":{"new":1,"changed":0,"unchanged":0}'),
      ],
      ['change', 'videos', 'v1', '{"title":"Sprinkler; blocker"}', '{"title":"Sprinkler"}'],
      ['import', 'videos', 'list.csv', null, expect.stringContaining('"videos":{"new":0,"changed":1,"unchanged":0}')],
    ]);
  });

  test('columns that a file does not have, and empty cells, leave what is stored', async () => {
    await importFile(FULL);
    await importFile('id,title,duration,hashtags\nv1,Sprinkler,,#new\n');
    expect(videos('title, duration, hashtags, url')).toEqual([['Sprinkler', 90, '#new', 'https://x.org/y']]);
  });

  test('the clips may stand before their video, and in a file of their own', async () => {
    expect((await importFile('id,video_id,title\nc1,v1,Part\nv1,,Whole\n')).code).toBe(0);
    expect((await importFile('clip_id,title\nc2,Alone\n', 'clips.csv', '--clips')).code).toBe(0);
    expect((await importFile('id,kind,title\nc3,Clip,Said\nv3,video,Said\n')).code).toBe(0);
    expect(queryRows(home, 'SELECT id, video_id FROM clips ORDER BY id')).toEqual([
      ['c1', 'v1'],
      ['c2', null],
      ['c3', null],
    ]);
  });

  test.each([
    ['a list', '[{"id":"v1","title":"A","tags":["a","b"],"other":{"x":[1]}},{"id":"c1","title":"B","video_id":"v1"}]'],
    [
      'lists by kind',
      '{"videos": [{"id":"v1","title":"A","tags":["a","b"]}],\n "clips": [{"id":"c1","title":"B","video_id":"v1"}]}',
    ],
    [
      'lists by kind, clips first',
      '{"clips":[{"id":"c1","title":"B","video_id":"v1"}],"videos":[{"id":"v1","title":"A","tags":["a","b"]}]}',
    ],
    ['lines', '{"id":"v1","title":"A","tags":"a b"}\n{"id":"c1","title":"B","video_id":"v1"}\n'],
  ])('JSON: %s', async (_, text) => {
    expect(counts(await importFile(text, 'list.json', '--json'))).toEqual({ videos: [1, 0, 0], clips: [1, 0, 0] });
    expect(videos('id, title, hashtags')).toEqual([['v1', 'A', 'a b']]);
    expect(queryRows(home, 'SELECT id, video_id FROM clips')).toEqual([['c1', 'v1']]);
  });

  test('JSON: numbers as ids keep every digit, escapes and braces in text do no harm', async () => {
    await importFile(
      '[{"id":7429779620297231647,"title":"a \\"}]{[ \\\\","length":12},{"id":1e3,"title":"b"}]',
      'x.json',
    );
    expect(videos('id, title, duration')).toEqual([
      ['1e3', 'b', null],
      ['7429779620297231647', 'a "}]{[ \\', 12],
    ]);
  });

  test('stdin is read like a file', async () => {
    const run = (stdin: string) => runCli(['content', 'import', '-', '--json'], { home, stdin });
    expect(counts(await run('id\ttitle\nv1\tA\n'))).toEqual({ videos: [1, 0, 0], clips: [0, 0, 0] });
    expect(counts(await run('[{"id":"v1","title":"A"}]'))).toEqual({ videos: [0, 0, 1], clips: [0, 0, 0] });
    const left = readdirSync(tmpdir()).filter((name) => /^smstats-\w{6}$/.test(name));
    expect(left).toEqual([]);
  });

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffid,title\r\nv1,Café 🎬\r\n')],
    ['UTF-16, little end first', Buffer.from('\ufeffid,title\r\nv1,Café 🎬\r\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\ufeffid,title\r\nv1,Café 🎬\r\n', 'utf16le').swap16()],
    ['old line breaks', Buffer.from('id,title\rv1,Café 🎬\r')],
    ['no line break at the end', Buffer.from('id,title\nv1,Café 🎬')],
  ])('%s', async (_, bytes) => {
    expect(await importFile(bytes)).toMatchObject({ code: 0 });
    expect(videos()).toEqual([['v1', 'Café 🎬']]);
  });

  test('--map names a column, or leaves a field out', async () => {
    const text = 'Key,Headline (long),title,url\nv1,The real one,Draft,/nas/x.mp4\n';
    const result = await importFile(
      text,
      'list.csv',
      '--map',
      'id=key',
      '--map',
      'title=Headline (long)',
      '--map',
      'url=',
    );
    expect(result.code).toBe(0);
    expect(result.stderr).toContain(
      'nothing is taken from the columns "title" (title is taken from "Headline (long)")',
    );
    expect(videos('id, title, url')).toEqual([['v1', 'The real one', null]]);
  });

  test('columns that are not used are named with what they may be', async () => {
    const result = await importFile('id,title,descripton,x\nv1,A,B,C\n');
    expect(result.stderr).toContain('"descripton" (did you mean description? --map "description=descripton"), "x"');
  });

  test('--dry-run shows what would be and writes nothing', async () => {
    await importFile('id,title\nv1,Old\nv2,Same\n');
    const text = `id,Name\nv1,New\nv2,Same\n${Array.from({ length: 9 }, (_, index) => `w${index},W${index}\n`).join('')}`;
    const dry = await importFile(text, 'list.csv', '--dry-run', '--json');
    const { data } = JSON.parse(dry.stdout) as { data: { columns: object; first_rows: { outcome: string }[] } };
    expect(data).toMatchObject({ dry_run: true, columns: { id: 'id', title: 'Name' } });
    expect(data.first_rows.map(({ outcome }) => outcome)).toEqual(['changed', 'unchanged', 'new', 'new', 'new']);
    expect(counts(dry)).toEqual({ videos: [9, 1, 1], clips: [0, 0, 0] });
    expect(videos()).toEqual([
      ['v1', 'Old'],
      ['v2', 'Same'],
    ]);
    const shown = (await importFile(text, 'list.csv', '--dry-run')).stdout;
    expect(shown).toMatch(/^2 +changed +video +v1 +New$/m);
    expect(shown).toMatch(/^title +Name$/m);
    expect(shown).toMatch(/^videos +9 +1 +1$/m);
    expect((await importFile('id,title\n,\n')).stdout).toContain('there are no rows in it');
  });

  test.each<[string, string, string[]]>([
    ['a duration', 'id,title,length\nv1,A,1\nv2,B,1.5\n', ['line 3, column "length": "1.5" is no duration']],
    ['minutes without end', 'id,title,length\nv1,A,1:75\n', ['"1:75" is no duration']],
    ['a negative one', 'id,title,length\nv1,A,-1\n', ['"-1" is no duration']],
    ['a day that is none', 'id,title,date\n\nv1,A,2026-02-30\n', ['line 3, column "date": "2026-02-30" is no date']],
    ['a day of another country', 'id,title,date\nv1,A,31.01.2026\n', ['"31.01.2026" is no date']],
    ['a time without a zone', 'id,title,date\nv1,A,2026-01-31 10:00:00\n', ['has no time zone']],
    ['no title', 'id,title\nv1, \n', ['line 2, column "title": the title is missing']],
    ['no id', 'id,title\n,A\n', ['line 2, column "id": the id is missing']],
    ['a long id', `id,title\n${'x'.repeat(201)},A\n`, ['is longer than 200 characters']],
    ['an id with control characters', 'id,title\n"a\tb",A\n', ['has control characters']],
    ['a kind', 'id,title,type\nv1,A,reel\n', ['"reel" is neither video nor clip']],
    [
      'a kind against a parent',
      'id,title,type,video_id\nv1,A,video,v0\n',
      ['its type makes it a video, the video it is a part of a clip'],
    ],
    [
      'a parent that is nowhere',
      'id,title,video_id\nc1,A,\nc2,B,v9\n',
      ['line 3, column "video_id": "v9" no such video'],
    ],
    [
      'an id for two things',
      'id,title\nv1,A\nv2,B\nv1,C\n',
      ['line 4, column "id": "v1" stands for another video in line 2'],
    ],
    ['several', 'id,title,length\nv1,,1\nv2,"B\nB",x\nv3,C,y\n', ['3 broken rows', 'line 2,', 'line 3,', 'line 5,']],
    ['more than anyone reads', `id,title\n${'v1,\n'.repeat(9)}`, ['at least 5 broken rows']],
    ['cells too few', 'id,title,url\nv1,A\n', ['line 2: 2 cells, where the first line names 3 columns']],
    ['cells too many', 'id,title\nv1,A,B\n', ['line 2: 3 cells']],
    ['a quote that is never closed', 'id,title\nv1,A\nv2,"B\nv3,C\n', ['line 3: a quote is opened']],
    [
      'a quote that is never closed, in a long file',
      `id,title\n${'v1,A\n'.repeat(30_000)}v2,"B\n${'v3,C\n'.repeat(3)}`,
      ['line 30002: a quote is opened'],
    ],
    [
      'a quote inside, in a long file',
      `id,title\n${'v1,A\n'.repeat(30_000)}v2,B"\nv3,C\n`,
      ['line 30002: a quote stands inside'],
    ],
    ['a quote inside, after text of two lines', 'id,title\nv1,"A\nB"\nv2,B"\n', ['line 4: a quote stands inside']],
    ['a quote inside', 'id,title\nv1,A "b" c\n', ['line 2: a quote stands inside']],
    ['a column twice', 'id,title,Title\nv1,A,B\n', ['line 1: the column "Title" is there twice']],
    ['NUL', 'id,title\nv1,A\nv2,\0\n', ['line 3: has a NUL character']],
    [
      'JSON that breaks off',
      '[{"id":"v1","title":"A"},\n{"id":"v2"',
      ['line 2: the object that begins here is never closed'],
    ],
    ['JSON that is none', '[{"id":"v1",title:"A"}]', ['item 1 (line 1): the object that begins here is no JSON']],
    ['JSON with a comma too many', '[{"id":"v1","title":"A"},]', ['is no list of JSON objects']],
    ['JSON of something else', '[1,2]', ['is no list of JSON objects']],
    ['JSON after the end', '[{"id":"v1","title":"A"}] x', ['is no list of JSON objects']],
    ['a key twice', '[{"id":"v1","title":"A","id":"v2"}]', ['item 1 (line 1): the key "id" is there twice']],
    ['no id in an object', '[{"id":"v1","title":"A"},\n\n{"title":"A"}]', ['item 2 (line 3): the id is missing']],
    ['a list as a title', '[{"id":"v1","title":["A"]}]', ['column "title": "["A"]" is no text']],
    ['half a character as an id', '[{"id":"\\ud800","title":"A"}]', ['has control characters']],
    ['an empty file', '', ['is empty']],
    ['a blank file', ' \n\n', ['is empty']],
  ])('%s: refused with its line, and nothing is imported', async (_, text, messages) => {
    await importFile('id,title\nv0,First\n');
    const result = await importFile(`${text}`, 'broken.csv');
    expect(result.code, result.stderr).toBe(2);
    for (const message of messages) expect(result.stderr).toContain(message);
    expect(result.stderr).toContain('nothing was imported');
    expect(result.stdout).toBe('');
    expect(videos()).toEqual([['v0', 'First']]);
    expect(queryRows(home, 'SELECT count(*) FROM clips')).toEqual([[0]]);
  });

  test('Latin-1 is refused with the line and what to do', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `v${index},Ünïcödé ${index}\n`);
    const bytes = Buffer.concat([Buffer.from(`id,title\n${lines.join('')}`), Buffer.from('x,Caf\xe9 x\n', 'latin1')]);
    const { code, stderr } = await importFile(bytes);
    expect(code).toBe(2);
    expect(stderr).toContain('line 5002: is not UTF-8');
    expect(stderr).toContain('iconv -f WINDOWS-1252 -t UTF-8');
  });

  test.each([
    [['no-such.csv'], 'there is no such file'],
    [['.'], 'is a directory'],
    [['list.csv', '--map', 'titel=x'], 'did you mean --map title=x?'],
    [['list.csv', '--map', 'title'], '--map wants field=Column'],
    [['list.csv', '--map', 'title=Nam'], 'did you mean --map "title=Name"?'],
    [['list.csv'], 'There is no column for id'],
  ])('%j is a mistake of the command line', async (args, message) => {
    write('list.csv', 'Key,Name\nv1,A\n');
    const [file = '', ...flags] = args;
    const { code, stderr } = await runCli(['content', 'import', join(home, file), ...flags], { home });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('what is ugly but right comes through', async () => {
    const long = 'x'.repeat(1_000_000);
    const many = Array.from({ length: 10_000 }, (_, index) => `column ${index}`);
    const header = ['id', 'title', 'description', ...many].join(',');
    const result = await importFile(
      `${header}\n../../etc/passwd,-1+1,${long},${many.map(() => '').join(',')}\n視頻 🎬,@x,,${many.map(() => 1).join(',')}\n`,
    );
    expect(result.code, result.stderr).toBe(0);
    expect(result.stderr.length).toBeLessThan(1000);
    expect(result.stderr).toContain('and 990 more');
    expect(videos('id, title, length(description)')).toEqual([
      ['../../etc/passwd', '-1+1', 1_000_000],
      ['視頻 🎬', '@x', null],
    ]);
  });

  test('a file with a header alone, or an empty list, is nothing to do', async () => {
    for (const [text, name] of [
      ['id,title\n', 'a.csv'],
      ['[]', 'a.json'],
      ['{"videos":[],"clips":[]}', 'a.json'],
    ] as const) {
      const result = await importFile(text, name);
      expect(result, text).toMatchObject({ code: 0, stdout: expect.stringContaining('there are no rows in it') });
    }
    expect(isEmpty()).toBe(true);
    expect(queryRows(home, 'SELECT * FROM audit_log')).toEqual([]);
  });

  test('a row that is there twice counts once', async () => {
    const result = await importFile('id,title\nv1,A\nv1, A \n', 'list.csv', '--json');
    expect(counts(result).videos).toEqual([1, 0, 0]);
    expect(result.stdout).toContain('"repeated": 1');
  });

  test('a failing write leaves nothing', async () => {
    await importFile('id,title\nv0,First\n');
    const rows = Array.from({ length: 1200 }, (_, index) => `v${index + 1},T\n`).join('');
    const { default: SqliteDatabase } = await import('better-sqlite3');
    const database = new SqliteDatabase(join(home, 'smstats.db'));
    database.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON videos WHEN NEW.id = 'v1100' BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    database.close();
    expect((await importFile(`id,title\n${rows}`)).code).toBe(1);
    expect(videos()).toEqual([['v0', 'First']]);
  });
});

describe('content add', () => {
  const add = (...args: string[]) => runCli(['content', 'add', ...args], { home });

  test('adds, changes what is given, and writes both down', async () => {
    const flags = ['--duration', '1:30', '--published', '2026-01-31', '--hashtags', '#a,#b', '--url', 'https://x.org'];
    expect((await add('v1', '--title', 'A', ...flags)).stderr).toContain('video v1 is added');
    expect((await add('v1', '--title', 'B')).stderr).toContain('video v1 is changed');
    expect((await add('v1', '--duration', '90')).stderr).toContain('stored just so already');
    expect(videos('id, title, duration, published_at, hashtags, url')).toEqual([
      ['v1', 'B', 90, '2026-01-31T00:00:00.000Z', '#a #b', 'https://x.org'],
    ]);
    expect(queryRows(home, 'SELECT action, row_id FROM audit_log')).toEqual([
      ['add', 'v1'],
      ['change', 'v1'],
    ]);
  });

  test('adds clips of a video or of none, and knows a clip again', async () => {
    await add('v1', '--title', 'A');
    await add('c1', '--title', 'Part', '--clip-of', 'v1');
    await add('c2', '--title', 'Alone', '--clip');
    await add('c2', '--title', 'Still alone');
    expect(queryRows(home, 'SELECT id, video_id, title FROM clips ORDER BY id')).toEqual([
      ['c1', 'v1', 'Part'],
      ['c2', null, 'Still alone'],
    ]);
    expect(videos()).toEqual([['v1', 'A']]);
  });

  test.each([
    [['v1'], 2, 'A new video needs a title.'],
    [[' ', '--title', 'x'], 2, 'The id is empty.'],
    [['v1', '--title', 'x', '--duration', 'long'], 2, '--duration "long" is no duration'],
    [['v1', '--title', 'x', '--published', 'today'], 2, '--published "today" is no date'],
    [['c1', '--title', 'x', '--clip-of', 'v9'], 7, 'There is no video "v9"'],
  ])('%j is refused', async (args, code, message) => {
    expect(await add(...args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });
});

describe('content list and remove', () => {
  beforeEach(async () => {
    await runCli(['init', '--sample'], { home });
    await importFile('id,title,video_id,date\nv1,Sprinkler,,2026-01-31\nc1,Part,v1,2026-02-01\n');
    const { default: SqliteDatabase } = await import('better-sqlite3');
    const database = new SqliteDatabase(join(home, 'smstats.db'));
    database.exec(
      `INSERT INTO social_media_content_mapping (post_id, clip_id) SELECT id, 'c1' FROM social_media_posts
       WHERE external_post_id = '7429779620297231647'`,
    );
    database.close();
  });

  test('list shows links and views', async () => {
    const { stdout } = await runCli(['content', 'list', '--json'], { home });
    expect(JSON.parse(stdout)).toMatchObject({
      data: [
        { kind: 'clip', id: 'c1', posts: 1, views: 23289, video_id: 'v1' },
        { kind: 'video', id: 'v1', posts: 0, views: null },
      ],
    });
    const one = await runCli(['content', '--limit', '1', '--videos'], { home });
    expect(one.stdout).toMatch(/^video +v1 +Sprinkler +— +2026-01-31 +— +0 +—$/m);
    const cut = await runCli(['content', 'list', '--limit', '1'], { home });
    expect(cut.stderr).toContain('there is more than these 1');
    expect((await runCli(['content', 'list', '--search', 'nothing'], { home })).stdout).toContain(
      'nothing with "nothing"',
    );
    expect((await runCli(['content', 'list', '--clips', '--videos'], { home })).code).toBe(2);
  });

  test('report sums the posts of a video and its clips', async () => {
    const { stdout, stderr } = await runCli(['report', 'content', '--json'], { home });
    const { data } = JSON.parse(stdout) as { data: object[] };
    expect(data).toMatchObject([
      { kind: 'clip', id: 'c1', posts: 1, platforms: 1, views: 23289, likes: 3868, comments: 11, is_sample: true },
      { kind: 'video', id: 'v1', posts: 1, platforms: 1, views: 23289, likes: 3868, comments: 11, is_sample: true },
    ]);
    expect(stderr).toBe('');
    const shown = await runCli(['report', 'content', '--sort', 'likes', '--limit', '1'], { home });
    expect(shown.stdout).toMatch(/^clip +c1 +Part +v1 +1 +1 +23,289 +3,868/m);
    expect(shown.stderr).toContain('these are sample numbers');
    expect((await runCli(['report', 'content', '--days', '1'], { home })).stdout).toContain(
      'no video or clip has a post',
    );
    expect((await runCli(['report', 'content'], { home })).stderr).toContain(
      'a video has the posts of its clips as well',
    );
  });

  test('remove asks first, says what goes with it, and keeps clips and posts', async () => {
    const refused = await runCli(['content', 'remove', 'c1'], { home });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('add --yes if you are sure')]);
    const video = await runCli(['content', 'remove', 'v1', '--yes'], { home });
    expect(video.stderr).toContain('video v1, "Sprinkler" is gone, with 0 links to posts; its 1 clip stays');
    const clip = await runCli(['content', 'remove', 'c1', '--yes'], { home });
    expect(clip.stderr).toContain('clip c1, "Part" is gone, with 1 link to posts');
    expect(isEmpty()).toBe(true);
    expect(queryRows(home, 'SELECT count(*) FROM social_media_content_mapping')).toEqual([[0]]);
    expect(queryRows(home, 'SELECT count(*) FROM social_media_posts')).toEqual([[36]]);
    expect(queryRows(home, `SELECT table_name, row_id, before_json FROM audit_log WHERE action = 'remove'`)).toEqual([
      ['videos', 'v1', expect.stringContaining('"title":"Sprinkler"')],
      ['clips', 'c1', expect.stringMatching(/"links":\[\{.*"post_id":\d+/)],
    ]);
    expect((await runCli(['content', 'remove', 'c1', '--yes'], { home })).code).toBe(7);
  });

  test('where a video and a clip have one id, remove wants to know which', async () => {
    await runCli(['content', 'add', 'v1', '--clip', '--title', 'Same id'], { home });
    const { code, stderr } = await runCli(['content', 'remove', 'v1', '--yes'], { home });
    expect([code, stderr]).toEqual([2, expect.stringContaining('add --video or --clip')]);
    expect((await runCli(['content', 'remove', 'v1', '--yes', '--clip'], { home })).stderr).toContain('clip v1');
    expect(videos('id')).toEqual([['v1']]);
  });
});
