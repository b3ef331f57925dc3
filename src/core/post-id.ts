/** The parts of a URL that say which post it is. */
export interface PostParts {
  id: string;
  user: string | undefined;
  owner: string | undefined;
  host: string;
}

/** The id of a post: every form of it, and what two URLs of the same post share (the first form unless given). */
export interface NamedId {
  ids: string[];
  key?: string;
}

const SHORTCODE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What a post of a private account carries behind the shortcode: a secret for whom it is shared with. */
const SECRET_LENGTH = 28;

/** Instagram and Threads write the number of a post in base 64 in its URL. */
export function readShortcode({ id }: PostParts): NamedId | undefined {
  const number = /^\d{12,20}(?![a-z0-9-])/i.exec(id)?.[0];
  if (number) return { ids: [encodeShortcode(BigInt(number)), number], key: number };
  const given = /^[\w-]{2,64}/.exec(id)?.[0] ?? '';
  const code = given.length > SECRET_LENGTH ? given.slice(0, -SECRET_LENGTH) : given;
  if (code.length < 2 || code.length > 11) return undefined;
  let decoded = 0n;
  for (const digit of code) decoded = decoded * 64n + BigInt(SHORTCODE.indexOf(digit));
  return { ids: [code, `${decoded}`], key: `${decoded}` };
}

function encodeShortcode(number: bigint): string {
  let code = '';
  for (let rest = number; rest > 0n; rest /= 64n) code = SHORTCODE.charAt(Number(rest % 64n)) + code;
  return code;
}

/** A post of TikTok. */
export function readVideoNumber({ id }: PostParts): NamedId | undefined {
  return nameAs(/^\d{10,20}(?!\w)/.exec(id)?.[0]);
}

/** A post of X: the first ones have a few digits only. */
export function readStatusNumber({ id }: PostParts): NamedId | undefined {
  return nameAs(/^\d{1,20}(?!\w)/.exec(id)?.[0]);
}

function nameAs(id: string | undefined): NamedId | undefined {
  return id ? { ids: [id] } : undefined;
}

/** Eleven characters, or a post of the community tab. Two pages of the player are as long as an id. */
export function readYouTubeId({ id }: PostParts): NamedId | undefined {
  return nameAs(/^(?!videoseries|live_stream)(?:Ug[\w-]{20,60}|[\w-]{11})(?![\w-])/.exec(id)?.[0]);
}

/** The Graph API joins the number of the page and that of the post. A `pfbid` stands for both, and only Facebook can read it. */
export function readFacebookId({ id, user, owner = user }: PostParts): NamedId | undefined {
  const pfbid = /^pfbid\w{20,100}/.exec(id)?.[0];
  if (pfbid) return { ids: [pfbid] };
  const [, page = owner ?? '', post] = /^(?:(\d{5,20})_)?(\d{5,20})(?!\w)/.exec(id) ?? [];
  if (!post) return undefined;
  return { ids: /^\d+$/.test(page) ? [`${page}_${post}`, post] : [post], key: post };
}

const URN_KINDS: Record<string, string> = {
  activity: 'activity',
  share: 'share',
  ugcpost: 'ugcPost',
  grouppost: 'groupPost',
};

/** The three kinds of numbers are separate: an activity and the share in it are the same post under unlike numbers. */
export function readUrn({ id }: PostParts): NamedId | undefined {
  const form =
    /^(?:urn:li:\w{1,40}:\((?:v2,)?)?(?:urn:li:)?(?:(activity|share|ugcpost)[:-](\d{5,20})|(grouppost):(\d{1,20}-\d{5,20}))(?!\w)/i;
  const [, plain, plainNumber, group, groupNumber] = form.exec(id) ?? [];
  const kind = URN_KINDS[(plain ?? group ?? '').toLowerCase()];
  const number = plainNumber ?? groupNumber;
  if (!kind || !number) return undefined;
  return { ids: [`urn:li:${kind}:${number}`, number], key: `${kind}:${number}` };
}

/** The number alone, or behind a title: `fog-at-dawn--813183201234567811`. */
export function readPinId({ id }: PostParts): NamedId | undefined {
  return nameAs(/(?:^|--)(\d{5,25})$/.exec(id)?.[1]);
}

/** The code of a spotlight, the number of a story, the UUID of a highlight. */
export function readSnapId({ id }: PostParts): NamedId | undefined {
  return nameAs(/^[\w-]{10,200}(?![\w-])/.exec(id)?.[0]);
}

/** A key made from the time, to the microsecond: nobody else has the same. */
const TIMED_KEY = /^[2-7a-j][2-7a-z]{12}$/;

/** A handle and a did name the same author, but only a server knows which. A key that anyone could choose needs its author. */
export function readRecordKey({ id, user = '' }: PostParts): NamedId | undefined {
  const author = user.startsWith('did:') ? user : user.replace(/^@/, '').toLowerCase();
  if (!/^[\w.~:-]{1,512}$/.test(id) || !/^(?:did:[a-z]+:[\w.:%-]+|[^\s:@.]+(?:\.[^\s:@.]+)+)$/.test(author))
    return undefined;
  return { ids: [`at://${author}/app.bsky.feed.post/${id}`, id], key: TIMED_KEY.test(id) ? id : `${author}/${id}` };
}

/**
 * The number behind its instance: each numbers its own posts, so the number alone may be that of another. The URI would
 * do, but a URL does not give it: newer accounts have `/ap/users/<number>/…`, and case and user may be missing.
 */
export function readStatusId({ id, user, host }: PostParts): NamedId {
  const uri = user && !user.includes('@') ? [`https://${host}/users/${user}/statuses/${id}`] : [];
  return { ids: [`${host}/${id}`, id, ...uri] };
}
