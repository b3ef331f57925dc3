const WEB = /^https?:\/\/[^\s\\]+$/i;
const OWN = /^(?:\/(?![/\\])|[#?]|\.{1,2}\/)/;
/** Browsers take these out before they read an address: `/<tab>/host` is another host then. */
// oxlint-disable-next-line no-control-regex -- these are exactly the characters to refuse
const LEFT_OUT = /[\u0000-\u001f]/;

/** True for what leads out of the house: http and https alone. */
export function isWebAddress(address: string): boolean {
  return WEB.test(address) && !LEFT_OUT.test(address);
}

/** True for an address that the page may follow: on the web, or a path, query or fragment of this server. */
export function isSafeAddress(address: string): boolean {
  return isWebAddress(address) || (OWN.test(address) && !LEFT_OUT.test(address));
}
