/** Words that say nothing about which video it is: the platforms' own, and the small words of a few languages. */
const COMMON = new Set(
  (
    'fyp foryou foryoupage fy viral trending trend explore explorepage reel reels shorts short tiktok instagram youtube insta ' +
    'facebook video videos clip new newvideo post link bio follow like likes share comment comments subscribe channel save ' +
    'watch full out now today tomorrow check please thank thanks you your everyone guys pov giveaway tag friend story stories ' +
    'live part neu neues heute kanal folgen abonnieren parati hoy nuevo nueva comenta comparte sigue seguir novo nova hoje ' +
    'the a an and or of in on at to for from with without by is are was be it its this that these those my me our we i he she ' +
    'they what how why when where which who do does did not no yes so as if but up all any can will just more get got every s t ' +
    're ve ll m d der die das den dem ein eine einen einer und oder von im am mit ohne fur ist sind war zu zum zur auf wie was so ' +
    'ich du wir es nicht mein meine unser el la los las un una y o de del en con sin por para es son mi tu su que como lo al se ' +
    'os as um uma e em no na do da com sem mais meu minha seu que nao в и на في من على مع عن هذا هذه و の は を に が で と'
  ).split(' '),
);

/** True for a word, as `scanWords` writes it, that stands in captions of every kind. */
export function isCommonWord(word: string): boolean {
  return COMMON.has(word);
}
