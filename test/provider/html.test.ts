import { describe, expect, test } from 'vitest';
import { htmlToText } from '../../src/provider/shared/html.ts';

describe('HTML becomes the text that a reader sees', () => {
  test.each([
    ['', ''],
    ['plain text', 'plain text'],
    ['<p>Fog at dawn</p>', 'Fog at dawn'],
    ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
    ['<p>One<br>Two<br />Three<BR/>Four</p>', 'One\nTwo\nThree\nFour'],
    ['<p>One<br><br><br><br>Two</p>', 'One\n\nTwo'],
    ['<p>  many\n\t blanks  <b> and </b> tags </p>', 'many blanks and tags'],
    [
      '<p>Fog <a href="https://mastodon.example/tags/fog" class="mention hashtag" rel="tag">#<span>fog</span></a></p>',
      'Fog #fog',
    ],
    [
      '<p><span class="h-card" translate="no"><a href="https://a.example/@b" class="u-url mention">@<span>b</span></a></span> hi</p>',
      '@b hi',
    ],
    [
      '<a href="https://example.org/a/long/path?q=1&amp;r=2" rel="nofollow"><span class="invisible">https://</span><span class="ellipsis">example.org/a/long</span><span class="invisible">/path?q=1&amp;r=2</span></a>',
      'https://example.org/a/long/path?q=1&r=2',
    ],
    ['<ul><li>one</li><li>two</li></ul>after', 'one\ntwo\n\nafter'],
    ['<blockquote>said</blockquote>then', 'said\n\nthen'],
    ['Tom &amp; Jerry &lt;3 &quot;x&quot; &apos;y&apos; &#39;z&#39;&nbsp;!', "Tom & Jerry <3 \"x\" 'y' 'z' !"],
    ['&#128167;&#x1F4A7;&#X1f4a7;', '💧💧💧'],
    ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['&unknown; &; &#; &#x; AT&T', '&unknown; &; &#; &#x; AT&T'],
    ['1 < 2 and <3', '1 < 2 and <3'],
    ['<!-- hidden -->shown', 'shown'],
    ['<p>a</p><script>alert("x")</script><style>p { color: red }</style>b', 'a\n\nb'],
    ['<SCRIPT>if (a < b) { }</SCRIPT >c', 'c'],
    ['<img src=x onerror=alert(1)>d', 'd'],
    ['e<script>never closed', 'e'],
    ['f<!-- never closed', 'f'],
    ['g <b class="cut', 'g'],
    ['&#0;&#27;[2J&#x9b;h', '[2Jh'],
    ['&#xD800;&#x110000;&#9999999;', '\ufffd\ufffd\ufffd'],
    ['&lt;script&gt;', '<script>'],
  ])('%s', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test.each([
    '<',
    '<a',
    '<!--',
    '<script>',
    '</',
    '&',
    '&#',
    ' ',
    '\n',
    '<p>',
    '<b> </b>',
    '&#10;',
    '<li>',
    '<style><!--',
  ])('in time that grows with the length alone: %s', (piece) => {
    const [short, long] = [20_000, 400_000].map((length) => piece.repeat(Math.ceil(length / piece.length)));
    htmlToText(short as string);
    const start = performance.now();
    htmlToText(long as string);
    // A pass takes a few milliseconds; a quadratic one would take minutes.
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
