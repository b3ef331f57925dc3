/** The style of the HTML file: one column on a phone, where each row of a table becomes a card; light and dark. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#f5f6f8;--card:#fff;--text:#16202e;--soft:#5a6677;--line:#dfe3ea;--accent:#2257d6;--past:#9fb0c9;--shade:#edf2fd;--up:#0f7a45;--down:#b3261e;--note:#fff4d6;--note-text:#6a4a00}
@media (prefers-color-scheme:dark){:root{--ground:#0f1319;--card:#181e27;--text:#e8ecf2;--soft:#a3afbf;--line:#2b3441;--accent:#7fa6ff;--past:#566579;--shade:#1f2836;--up:#5fd39a;--down:#ff8f86;--note:#3a2f12;--note-text:#f5dc9a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
main{max-width:1080px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 12px;letter-spacing:-.01em}
h2{font-size:1.1rem;margin:0 0 4px}
h3{font-size:.95rem;margin:0 0 8px}
p{margin:0}
.lead{font-size:1.1rem;max-width:46em}
.sample{display:inline-block;background:var(--note);color:var(--note-text);border-radius:6px;padding:4px 10px;margin:0 0 12px;font-size:.9rem}
.note{color:var(--soft);font-size:.85rem;margin:0 0 12px;max-width:62em}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:24px 0;padding:0;list-style:none}
.tile,section{background:var(--card);border:1px solid var(--line);border-radius:12px}
.tile{padding:14px 16px}
.tile b{display:block;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.tile span{display:block;color:var(--soft);font-size:.85rem}
section{padding:18px 20px;margin:0 0 16px;overflow-x:auto}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:16px}
.charts>div{border-top:1px solid var(--line);padding-top:12px;min-width:0}
.chart{display:block;width:100%;max-width:520px;height:auto;margin:0 0 10px}
.chart text{font-size:10px;fill:var(--soft)}
.period{fill:var(--shade)}
.base{stroke:var(--line);stroke-width:1}
.line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.dot{fill:var(--accent)}
.bar{fill:var(--accent)}
.bar.past{fill:var(--past)}
.unknown{fill:var(--soft)}
table{width:100%;border-collapse:collapse;font-size:.9rem}
th{color:var(--soft);font-weight:500;font-size:.8rem;text-align:left;vertical-align:bottom;padding:6px 8px;border-bottom:1px solid var(--line)}
td{padding:8px;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.day{white-space:nowrap}
.long{overflow-wrap:anywhere;min-width:14em}
.was,.was.up,.was.down{color:var(--soft)}
td:first-child{font-weight:500}
.up{color:var(--up)}
.down{color:var(--down)}
a{color:var(--accent);text-decoration:none}
a:hover,a:focus{text-decoration:underline}
footer{color:var(--soft);font-size:.85rem;margin-top:24px}
@media (max-width:760px){
main{padding:20px 12px 32px}
h1{font-size:1.3rem}
.tiles{grid-template-columns:repeat(2,1fr)}
section{padding:16px 14px}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,td{display:block}
tr{padding:10px 0;border-bottom:1px solid var(--line)}
tr:last-child{border-bottom:0;padding-bottom:0}
td,td:first-child,td:last-child{display:flex;justify-content:space-between;gap:16px;padding:2px 0;border:0;text-align:right;white-space:normal}
td:first-child{font-size:1rem;text-align:left;padding-bottom:4px}
td::before{content:attr(data-label);color:var(--soft);text-align:left;flex:none;max-width:45%}
td:first-child::before{content:none}
.long{min-width:0}
}
@media print{body{background:#fff}section,.tile{break-inside:avoid}main{padding:0}}
`;
