import { expect, test } from 'vitest';
import { renderService, renderTimer } from '../../../src/schedule/systemd/unit.ts';
import { parseCron } from '../../../src/schedule/times.ts';

const TASK = {
  id: 'ab12',
  argv: ['/opt/node 20/bin/node', '/srv/anna/100%/smstats.js', 'fetch', '--db=$x'],
  times: parseCron('30 6 1 * 1'),
  directory: '/srv/anna/.local/share/smstats',
};

test('the service', () => {
  expect(renderService(TASK).toString('utf8')).toBe(`# written by smstats install-schedule; changes are overwritten
[Unit]
Description=smstats scheduled run ab12

[Service]
Type=oneshot
ExecStart=/usr/bin/env -- "/opt/node 20/bin/node" "/srv/anna/100%%/smstats.js" "fetch" "--db=$$x"
UMask=0077
TimeoutStartSec=6h
Nice=10
IOSchedulingClass=idle
NoNewPrivileges=yes
`);
});

test('the timer', () => {
  expect(renderTimer(TASK).toString('utf8')).toBe(`# written by smstats install-schedule; changes are overwritten
[Unit]
Description=smstats schedule ab12

[Timer]
OnCalendar=*-*-01 06:30:00
OnCalendar=Mon *-*-* 06:30:00
Persistent=true
AccuracySec=1min

[Install]
WantedBy=timers.target
`);
});

test('a program that env would take for a variable is started by a shell', () => {
  const text = renderService({ ...TASK, argv: ['/opt/a=b/node', 'x'] }).toString('utf8');
  expect(text).toContain(
    String.raw`ExecStart=/usr/bin/env -- "/bin/sh" "-c" "exec \"$$0\" \"$$@\"" "/opt/a=b/node" "x"`,
  );
});
