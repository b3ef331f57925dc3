/**
 * What a program is given of the environment: how to find its parts, its language, the way to the network. The keys and
 * tokens that people keep there are none of its business.
 */
const PASSED_ON =
  /^(?:PATH|PATHEXT|HOME|USER|LOGNAME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|COMSPEC|TMPDIR|TEMP|TMP|TZ|LANG|LANGUAGE|LC_\w+|XDG_\w+|LD_LIBRARY_PATH|(?:HTTPS?|ALL|NO)_PROXY|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|VIRTUAL_ENV|PYTHON\w*|PYENV\w*)$/i;

/** What a program needs besides to show something: the screen, the session on it, the desktop's choice of a browser. */
const OF_SCREEN =
  /^(?:DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|KDE_FULL_SESSION|KDE_SESSION_VERSION|GNOME_DESKTOP_SESSION_ID|BROWSER|WSL_DISTRO_NAME|WSL_INTEROP|PROGRAMFILES|WINDIR)$/i;

/**
 * The part of an environment that another program may know.
 * @param screen whether it is one that shows something.
 */
export function environmentFor(env: NodeJS.ProcessEnv, { screen = false } = {}): NodeJS.ProcessEnv {
  const isPassedOn = ([name]: [string, unknown]) => PASSED_ON.test(name) || (screen && OF_SCREEN.test(name));
  return Object.fromEntries(Object.entries(env).filter(isPassedOn));
}
