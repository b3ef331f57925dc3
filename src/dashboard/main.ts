import { listen } from './live.ts';
import { createNavigator } from './navigate.ts';
import { createShell } from './shell.ts';
import { applyTheme, loadTheme } from './theme.ts';

applyTheme(loadTheme());
const shell = createShell();
const navigator = createNavigator(shell);
addEventListener('hashchange', () => void navigator.open());
await navigator.open(true);
listen(shell, navigator);
