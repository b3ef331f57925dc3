import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLATFORMS } from '../../src/core/platform.ts';
import { identifyPost, parsePostUrl } from '../../src/core/post-url.ts';

/** A URL, the ids that it gives, and the username. */
type Row = [url: string, ids: string[], username: string | null];

const VIDEO = '7429779620297231647';
const TIKTOK: Row[] = [
  [`https://www.tiktok.com/@Isaiah_Dupree/video/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`http://tiktok.com/@isaiah_dupree/video/${VIDEO}/`, [VIDEO], 'isaiah_dupree'],
  [`tiktok.com/@isaiah_dupree/video/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`//www.tiktok.com/@isaiah_dupree/video/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`https://m.tiktok.com/@isaiah_dupree/video/${VIDEO}?lang=en`, [VIDEO], 'isaiah_dupree'],
  [`HTTPS://WWW.TIKTOK.COM/@Isaiah_Dupree/video/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`https://www.tiktok.com./@isaiah_dupree/video/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`https://www.tiktok.com:443/@isaiah_dupree/video/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`https://www.tiktok.com//@isaiah_dupree//video/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`https://www.tiktok.com/@isaiah_dupree/photo/${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`https://www.tiktok.com/@/video/${VIDEO}`, [VIDEO], null],
  [`https://www.tiktok.com/@MS4wLjABAAAAq7Zk1VbYw3mN9tXcR5eHs2LdUo8/video/${VIDEO}`, [VIDEO], null],
  [`https://www.tiktok.com/%40isaiah_dupree%2Fvideo%2F${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [`https%3A%2F%2Fwww.tiktok.com%2F%40isaiah_dupree%2Fvideo%2F${VIDEO}`, [VIDEO], 'isaiah_dupree'],
  [
    `https://www.tiktok.com/@harbor.lights/video/${VIDEO}?utm_campaign=tt4d_open_api&utm_source=aw`,
    [VIDEO],
    'harbor.lights',
  ],
  [`https://www.tiktok.com/@isaiah_dupree/video/${VIDEO}?is_from_webapp=1#comments`, [VIDEO], 'isaiah_dupree'],
  [`<https://www.tiktok.com/@isaiah_dupree/video/${VIDEO}>`, [VIDEO], 'isaiah_dupree'],
  [`"https://www.tiktok.com/@isaiah_dupree/video/${VIDEO}",`, [VIDEO], 'isaiah_dupree'],
  [`“https://www.tiktok.com/@isaiah_dupree/video/${VIDEO}”.`, [VIDEO], 'isaiah_dupree'],
  [`(https://www.tiktok.com/@isaiah_dupree/video/${VIDEO})!`, [VIDEO], 'isaiah_dupree'],
  [`\u200Bhttps://www.tiktok.com/@isaiah_dupree/video/${VIDEO}\u200E\n`, [VIDEO], 'isaiah_dupree'],
  [`https://www.tiktok.com/embed/${VIDEO}`, [VIDEO], null],
  [`https://www.tiktok.com/embed/v2/${VIDEO}?lang=en-US`, [VIDEO], null],
  [`https://www.tiktok.com/embed/v3/${VIDEO}`, [VIDEO], null],
  [`https://www.tiktok.com/player/v1/${VIDEO}?music_info=1&amp;description=1`, [VIDEO], null],
  [`https://m.tiktok.com/v/${VIDEO}.html?u_code=x`, [VIDEO], null],
  [`https://www.tiktok.com/share/video/${VIDEO}/`, [VIDEO], null],
  [`https://t.tiktok.com/i18n/share/video/${VIDEO}/`, [VIDEO], null],
  [`https://www.tiktokv.com/share/video/${VIDEO}/`, [VIDEO], null],
  [`https://www.tiktok.com/foryou?is_from_webapp=1&item_id=${VIDEO}`, [VIDEO], null],
  [`https://www.tiktok.com/oembed?url=https://www.tiktok.com/@a/video/${VIDEO}`, [VIDEO], 'a'],
  [`https://www.tiktok.com/login?redirect_url=https%3A%2F%2Fwww.tiktok.com%2F%40a%2Fvideo%2F${VIDEO}`, [VIDEO], 'a'],
  [`snssdk1233://aweme/detail/${VIDEO}?refer=web`, [VIDEO], null],
  [`intent://www.tiktok.com/@a/video/${VIDEO}#Intent;scheme=https;end`, [VIDEO], 'a'],
];

const REEL = ['DcRTYhjgbZp', '3968037994870453865'];
const INSTAGRAM: Row[] = [
  ['https://www.instagram.com/p/DcRTYhjgbZp/', REEL, null],
  ['https://www.instagram.com/p/DZFps4nhUZO/', ['DZFps4nhUZO', '3910715255797663310'], null],
  ['https://www.instagram.com/p/DcEt0P_i-KT', ['DcEt0P_i-KT', '3964495074670928531'], null],
  ['http://instagram.com/p/DcRTYhjgbZp', REEL, null],
  ['instagr.am/p/DcRTYhjgbZp', REEL, null],
  ['https://m.instagram.com/p/DcRTYhjgbZp/?igshid=abc', REEL, null],
  ['https://www.instagram.com/reel/DcRTYhjgbZp/?igsh=MzRlODBiNWFlZA==', REEL, null],
  ['https://www.instagram.com/reels/DcRTYhjgbZp/', REEL, null],
  ['https://www.instagram.com/tv/DcRTYhjgbZp/', REEL, null],
  ['https://www.instagram.com/Harbor.Lights/p/DcRTYhjgbZp/', REEL, 'harbor.lights'],
  ['https://www.instagram.com/harbor.lights/reel/DcRTYhjgbZp/', REEL, 'harbor.lights'],
  ['https://www.instagram.com/p/DcRTYhjgbZp/embed/captioned/?cr=1', REEL, null],
  ['https://www.instagram.com/p/DcRTYhjgbZp/media/?size=l', REEL, null],
  ['https://www.instagram.com/p/DcRTYhjgbZp/c/18012345678901234/', REEL, null],
  ['https://www.instagram.com/p/DcRTYhjgbZp/?img_index=3', REEL, null],
  ['https://www.instagram.com/p/DcRTYhjgbZpAbCdEfGhIjKlMnOpQrStUvWxYz01/', REEL, null],
  ['https://www.instagram.com/p/BkQ/', ['BkQ', '6416'], null],
  ['https://www.instagram.com/stories/harbor.lights/3968037994870453865/', REEL, 'harbor.lights'],
  ['instagram://media?id=3968037994870453865_48213907715', REEL, null],
  ['https://www.instagram.com/accounts/login/?next=/p/DcRTYhjgbZp/', REEL, null],
  ['https://l.instagram.com/?u=https%3A%2F%2Fwww.instagram.com%2Freel%2FDcRTYhjgbZp%2F&e=AT0', REEL, null],
  ['https://api.instagram.com/oembed?url=https://www.instagram.com/p/DcRTYhjgbZp/', REEL, null],
  ['https://graph.facebook.com/v25.0/instagram_oembed?url=https://www.instagram.com/p/DcRTYhjgbZp/', REEL, null],
];

const WATCH = ['kT3xW9pLq0A'];
const POST = ['UgkxR5kXyZ0aBcDeFgHiJkLmNoPqRsTuVwXy'];
const YOUTUBE: Row[] = [
  ['https://www.youtube.com/watch?v=kT3xW9pLq0A', WATCH, null],
  ['https://www.youtube.com/watch?list=PL123&index=2&v=kT3xW9pLq0A&t=42s', WATCH, null],
  ['https://www.youtube.com/watch?app=desktop&amp;v=kT3xW9pLq0A', WATCH, null],
  ['https://www.youtube.com/watch/?v=kT3xW9pLq0A#t=10', WATCH, null],
  ['https://www.youtube.com/watch?v=kT3xW9pLq0A?feature=share', WATCH, null],
  ['https://www.youtube.com/watch/kT3xW9pLq0A', WATCH, null],
  ['https://m.youtube.com/watch?v=kT3xW9pLq0A', WATCH, null],
  ['https://music.youtube.com/watch?v=kT3xW9pLq0A&si=x', WATCH, null],
  ['https://gaming.youtube.com/watch?v=kT3xW9pLq0A', WATCH, null],
  ['youtube.com/watch?v=kT3xW9pLq0A', WATCH, null],
  ['https://www.youtube.com/?v=kT3xW9pLq0A', WATCH, null],
  ['https://youtu.be/kT3xW9pLq0A', WATCH, null],
  ['youtu.be/kT3xW9pLq0A?si=abc&t=3', WATCH, null],
  ['https://youtu.be/kT3xW9pLq0A&t=10', WATCH, null],
  ['https://YOUTU.BE/kT3xW9pLq0A.', WATCH, null],
  ['https://www.youtube.com/shorts/Zr7_bN2mVcE?feature=share', ['Zr7_bN2mVcE'], null],
  ['https://www.youtube.com/live/kT3xW9pLq0A?si=x', WATCH, null],
  ['https://www.youtube.com/embed/kT3xW9pLq0A?rel=0', WATCH, null],
  ['//www.youtube.com/embed/kT3xW9pLq0A', WATCH, null],
  ['https://www.youtube-nocookie.com/embed/kT3xW9pLq0A', WATCH, null],
  ['https://www.youtube.com/v/kT3xW9pLq0A', WATCH, null],
  ['https://www.youtube.com/e/kT3xW9pLq0A', WATCH, null],
  ['https://youtube.googleapis.com/v/kT3xW9pLq0A', WATCH, null],
  ['https://studio.youtube.com/video/kT3xW9pLq0A/edit', WATCH, null],
  ['https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3DkT3xW9pLq0A%26feature%3Dshare', WATCH, null],
  ['https://www.youtube.com/oembed?url=https%3A//youtu.be/kT3xW9pLq0A&format=json', WATCH, null],
  ['https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DkT3xW9pLq0A', WATCH, null],
  ['https://www.youtube.com/watch?v=-_aBcDeF-1_', ['-_aBcDeF-1_'], null],
  ['vnd.youtube:kT3xW9pLq0A', WATCH, null],
  ['vnd.youtube://www.youtube.com/watch?v=kT3xW9pLq0A', WATCH, null],
  [`https://www.youtube.com/post/${POST[0]}`, POST, null],
  [`https://www.youtube.com/channel/UCq3TnV8rXw5LmZ0aYbK7dEg/community?lb=${POST[0]}`, POST, null],
];

const PAGE_POST = ['104821937465012_2948301928374650', '2948301928374650'];
const FB = ['2948301928374650'];
const PFBID = ['pfbid02AbCdEfGhIjKlMnOpQrStUvWxYz123456789AbCdEfGhIjKlMnOpQrStUvWxYzl'];
const FACEBOOK: Row[] = [
  ['https://www.facebook.com/watch/?v=2948301928374650', FB, null],
  ['https://www.facebook.com/watch?ref=saved&v=2948301928374650', FB, null],
  ['https://www.facebook.com/watch/live/?ref=watch_permalink&v=2948301928374650', FB, null],
  ['https://fb.watch/?v=2948301928374650', FB, null],
  ['https://www.facebook.com/video.php?v=2948301928374650', FB, null],
  ['https://www.facebook.com/video/embed?video_id=2948301928374650', FB, null],
  ['https://www.facebook.com/reel/2948301928374650/?s=single_unit', FB, null],
  ['https://m.facebook.com/reel/2948301928374650', FB, null],
  ['https://www.facebook.com/104821937465012/posts/2948301928374650', PAGE_POST, null],
  ['https://www.facebook.com/HarborLights/posts/2948301928374650?__cft__[0]=x', FB, 'harborlights'],
  ['https://www.facebook.com/harborlights/posts/fog-at-dawn/2948301928374650/', FB, 'harborlights'],
  [`https://www.facebook.com/harborlights/posts/${PFBID[0]}`, PFBID, 'harborlights'],
  ['https://www.facebook.com/permalink.php?story_fbid=2948301928374650&id=104821937465012', PAGE_POST, null],
  [`https://www.facebook.com/permalink.php?story_fbid=${PFBID[0]}&id=104821937465012`, PFBID, null],
  [
    'https://m.facebook.com/story.php?story_fbid=2948301928374650&id=104821937465012&m_entstream_source=x',
    PAGE_POST,
    null,
  ],
  ['https://mbasic.facebook.com/story.php?id=104821937465012&story_fbid=2948301928374650', PAGE_POST, null],
  ['https://www.facebook.com/104821937465012_2948301928374650', PAGE_POST, null],
  ['https://www.facebook.com/harborlights/videos/2948301928374650/', FB, 'harborlights'],
  ['https://www.facebook.com/harborlights/videos/fog-at-dawn/2948301928374650/', FB, 'harborlights'],
  ['https://www.facebook.com/harborlights/videos/vb.104821937465012/2948301928374650/?type=3', FB, 'harborlights'],
  ['https://www.facebook.com/photo/?fbid=2948301928374650&set=a.1', FB, null],
  ['https://www.facebook.com/photo.php?fbid=2948301928374650', FB, null],
  ['https://www.facebook.com/harborlights/photos/a.10.20/2948301928374650/?type=3', FB, 'harborlights'],
  ['https://www.facebook.com/harborlights/photos/2948301928374650', FB, 'harborlights'],
  ['https://www.facebook.com/groups/lighthouses/posts/2948301928374650/', FB, null],
  ['https://www.facebook.com/groups/104821937465012/permalink/2948301928374650/', PAGE_POST, null],
  ['https://www.facebook.com/groups/104821937465012/?multi_permalinks=2948301928374650', PAGE_POST, null],
  [
    'https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fharborlights%2Fposts%2F2948301928374650&width=500',
    FB,
    'harborlights',
  ],
  ['https://de-de.facebook.com/harborlights/posts/2948301928374650', FB, 'harborlights'],
  ['fb.com/harborlights/posts/2948301928374650', FB, 'harborlights'],
  ['https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2Freel%2F2948301928374650', FB, null],
];

const TWEET = ['2090491601875895394'];
const TWITTER: Row[] = [
  ['https://twitter.com/Harbor_Lights/status/2090491601875895394', TWEET, 'harbor_lights'],
  ['https://x.com/harbor_lights/status/2090491601875895394?s=20&t=abc', TWEET, 'harbor_lights'],
  ['x.com/harbor_lights/status/2090491601875895394', TWEET, 'harbor_lights'],
  ['https://mobile.twitter.com/harbor_lights/status/2090491601875895394', TWEET, 'harbor_lights'],
  ['https://mobile.x.com/harbor_lights/status/2090491601875895394', TWEET, 'harbor_lights'],
  ['https://www.twitter.com/harbor_lights/statuses/2090491601875895394', TWEET, 'harbor_lights'],
  ['https://x.com/harbor_lights/status/2090491601875895394/photo/1', TWEET, 'harbor_lights'],
  ['https://x.com/harbor_lights/status/2090491601875895394/analytics', TWEET, 'harbor_lights'],
  ['https://x.com/harbor_lights/article/2090491601875895394', TWEET, 'harbor_lights'],
  ['https://twitter.com/i/web/status/2090491601875895394', TWEET, null],
  ['https://x.com/i/status/2090491601875895394', TWEET, null],
  ['https://twitter.com/statuses/2090491601875895394', TWEET, null],
  ['https://twitter.com/jack/status/20', ['20'], 'jack'],
  ['https://platform.twitter.com/embed/Tweet.html?dnt=false&id=2090491601875895394', TWEET, null],
  ['https://twitter.com/intent/like?tweet_id=2090491601875895394', TWEET, null],
  ['https://publish.twitter.com/?query=https%3A%2F%2Ftwitter.com%2Fa%2Fstatus%2F2090491601875895394', TWEET, 'a'],
  ['https://publish.x.com/oembed?url=https://x.com/a/status/2090491601875895394', TWEET, 'a'],
  ['https://x.com/i/flow/login?redirect_after_login=%2Fa%2Fstatus%2F2090491601875895394', TWEET, 'a'],
  ['https://fxtwitter.com/a/status/2090491601875895394', TWEET, 'a'],
  ['https://vxtwitter.com/a/status/2090491601875895394', TWEET, 'a'],
  ['https://d.fxtwitter.com/a/status/2090491601875895394.mp4', TWEET, 'a'],
  ['https://nitter.net/a/status/2090491601875895394#m', TWEET, 'a'],
  ['twitter://status?id=2090491601875895394', TWEET, null],
];

const urn = (kind: string): string[] => [`urn:li:${kind}:7496257291419648077`, '7496257291419648077'];
const LINKEDIN: Row[] = [
  ['https://www.linkedin.com/feed/update/urn:li:activity:7496257291419648077/', urn('activity'), null],
  ['https://www.linkedin.com/feed/update/urn:li:share:7496257291419648077', urn('share'), null],
  ['https://www.linkedin.com/feed/update/urn:li:ugcPost:7496257291419648077/?utm_source=share', urn('ugcPost'), null],
  ['https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7496257291419648077', urn('ugcPost'), null],
  ['https://www.linkedin.com/embed/feed/update/urn:li:share:7496257291419648077', urn('share'), null],
  ['https://www.linkedin.com/feed/update/activity:7496257291419648077', urn('activity'), null],
  [
    'https://www.linkedin.com/feed/update/urn:li:fsd_update:(urn:li:activity:7496257291419648077,MAIN_FEED,EMPTY)',
    urn('activity'),
    null,
  ],
  ['https://www.linkedin.com/comm/feed/update/urn:li:activity:7496257291419648077', urn('activity'), null],
  [
    'https://www.linkedin.com/posts/Harbor-Lights_fog-at-dawn-activity-7496257291419648077-AbCd?utm_source=share',
    urn('activity'),
    'harbor-lights',
  ],
  ['https://de.linkedin.com/posts/harbor-lights_activity-7496257291419648077-1234', urn('activity'), 'harbor-lights'],
  ['https://www.linkedin.com/posts/harbor-lights_fog-share-7496257291419648077-x_Yz', urn('share'), 'harbor-lights'],
  [
    'https://www.linkedin.com/posts/harbor-lights_fog-ugcPost-7496257291419648077-a-b1',
    urn('ugcPost'),
    'harbor-lights',
  ],
  ['https://www.linkedin.com/posts/activity-7496257291419648077-AbCd/', urn('activity'), null],
  ['https://www.linkedin.com/video/live/urn:li:ugcPost:7496257291419648077/', urn('ugcPost'), null],
  ['https://www.linkedin.com/analytics/post-summary/urn:li:activity:7496257291419648077/', urn('activity'), null],
  [
    'https://www.linkedin.com/feed/update/urn:li:groupPost:1234-7496257291419648077',
    ['urn:li:groupPost:1234-7496257291419648077', '1234-7496257291419648077'],
    null,
  ],
  [
    'https://www.linkedin.com/company/x/?updateEntityUrn=urn%3Ali%3Afs_feedUpdate%3A%28V2%2Curn%3Ali%3Aactivity%3A7496257291419648077%29',
    urn('activity'),
    null,
  ],
  [
    'https://www.linkedin.com/authwall?trk=x&sessionRedirect=https%3A%2F%2Fwww.linkedin.com%2Ffeed%2Fupdate%2Furn%3Ali%3Ashare%3A7496257291419648077',
    urn('share'),
    null,
  ],
  ['urn:li:share:7496257291419648077', urn('share'), null],
  ['urn:li:ugcPost:7496257291419648077', urn('ugcPost'), null],
  ['urn%3Ali%3Aactivity%3A7496257291419648077', urn('activity'), null],
];

const THREADS: Row[] = [
  ['https://www.threads.net/@Harbor.Lights/post/DcRTYhjgbZp', REEL, 'harbor.lights'],
  ['https://www.threads.com/@harbor.lights/post/DcRTYhjgbZp?xmt=abc', REEL, 'harbor.lights'],
  ['threads.net/@harbor.lights/post/DcRTYhjgbZp/', REEL, 'harbor.lights'],
  ['https://www.threads.net/t/DcRTYhjgbZp', REEL, null],
  ['https://www.threads.com/t/DcRTYhjgbZp/?igshid=x', REEL, null],
  ['https://www.threads.net/@harbor.lights/post/DcRTYhjgbZp/embed', REEL, 'harbor.lights'],
  ['https://www.threads.net/login?next=https%3A%2F%2Fwww.threads.net%2Ft%2FDcRTYhjgbZp', REEL, null],
];

const PIN = ['813183201234567811'];
const PINTEREST: Row[] = [
  ['https://www.pinterest.com/pin/813183201234567811/', PIN, null],
  ['https://pinterest.com/pin/813183201234567811', PIN, null],
  ['https://www.pinterest.de/pin/813183201234567811/', PIN, null],
  ['https://www.pinterest.co.uk/pin/813183201234567811/', PIN, null],
  ['https://www.pinterest.com.au/pin/813183201234567811/', PIN, null],
  ['https://br.pinterest.com/pin/813183201234567811/', PIN, null],
  ['pinterest.fr/pin/813183201234567811/', PIN, null],
  ['https://www.pinterest.com/pin/fog-at-dawn--813183201234567811/', PIN, null],
  ['https://www.pinterest.com/pin/20-things-2019--813183201234567811/', PIN, null],
  ['https://www.pinterest.com/pin/813183201234567811/sent/?invite_code=x&sender=1', PIN, null],
  ['https://www.pinterest.com/amp/pin/813183201234567811/', PIN, null],
  ['https://assets.pinterest.com/ext/embed.html?id=813183201234567811', PIN, null],
  ['https://www.pinterest.com/oembed.json?url=https://www.pinterest.com/pin/813183201234567811/', PIN, null],
  ['pinterest://pin/813183201234567811', PIN, null],
];

const SPOTLIGHT = ['W7_EDlXWTBiXAEEniNoMPwAAYuqyiWjFJ'];
const HIGHLIGHT = ['896bab99-e015-4841-a3a8-85110ce5b3fd'];
const SNAPCHAT: Row[] = [
  [`https://www.snapchat.com/spotlight/${SPOTLIGHT[0]}`, SPOTLIGHT, null],
  [`snapchat.com/spotlight/${SPOTLIGHT[0]}?share_id=x&locale=de`, SPOTLIGHT, null],
  [`https://www.snapchat.com/@Harbor.Lights/spotlight/${SPOTLIGHT[0]}`, SPOTLIGHT, 'harbor.lights'],
  [`https://www.snapchat.com/@harbor.lights/highlight/${HIGHLIGHT[0]}`, HIGHLIGHT, 'harbor.lights'],
  [`https://www.snapchat.com/add/harbor.lights/highlight/${HIGHLIGHT[0]}`, HIGHLIGHT, 'harbor.lights'],
  ['https://story.snapchat.com/p/d9fb75ab-5ba2-438d-bab5-5dfed20ab5b5/2407100062339072', ['2407100062339072'], null],
  ['https://www.snapchat.com/p/d9fb75ab-5ba2-438d-bab5-5dfed20ab5b5/2407100062339072', ['2407100062339072'], null],
  [`https://story.snapchat.com/o/${SPOTLIGHT[0]}`, SPOTLIGHT, null],
];

const RKEY = '3mtjrjohgc222';
const DID = 'did:plc:h4rb0rl1ghtsx2y3z4a5b6c7';
const AT = [`at://${DID}/app.bsky.feed.post/${RKEY}`, RKEY];
const AT_HANDLE = [`at://harborlights.bsky.social/app.bsky.feed.post/${RKEY}`, RKEY];
const BLUESKY: Row[] = [
  [`https://bsky.app/profile/${DID}/post/${RKEY}`, AT, null],
  [`https://bsky.app/profile/did%3Aplc%3Ah4rb0rl1ghtsx2y3z4a5b6c7/post/${RKEY}`, AT, null],
  [`at://${DID}/app.bsky.feed.post/${RKEY}`, AT, null],
  [`https://embed.bsky.app/embed/${DID}/app.bsky.feed.post/${RKEY}?id=1`, AT, null],
  [`https://bsky.app/profile/HarborLights.bsky.social/post/${RKEY}`, AT_HANDLE, 'harborlights.bsky.social'],
  [`bsky.app/profile/harborlights.bsky.social/post/${RKEY}/quotes`, AT_HANDLE, 'harborlights.bsky.social'],
  [`at://harborlights.bsky.social/app.bsky.feed.post/${RKEY}`, AT_HANDLE, 'harborlights.bsky.social'],
  [`https://go.bsky.app/redirect?u=https%3A%2F%2Fbsky.app%2Fprofile%2F${DID}%2Fpost%2F${RKEY}`, AT, null],
  [`https://embed.bsky.app/oembed?url=https://bsky.app/profile/${DID}/post/${RKEY}`, AT, null],
];

const TOOT = '117129020178432001';
const OWN = `mastodon.example/${TOOT}`;
const URI = `https://mastodon.example/users/harborlights/statuses/${TOOT}`;
const MASTODON: Row[] = [
  [`https://mastodon.example/@harborlights/${TOOT}`, [OWN, TOOT, URI], 'harborlights@mastodon.example'],
  [
    `https://Mastodon.Example/@HarborLights/${TOOT}`,
    [OWN, TOOT, URI.replace('harborl', 'HarborL')],
    'harborlights@mastodon.example',
  ],
  [`mastodon.example/@harborlights/${TOOT}/`, [OWN, TOOT, URI], 'harborlights@mastodon.example'],
  [`https://mastodon.example/@harborlights/${TOOT}/embed`, [OWN, TOOT, URI], 'harborlights@mastodon.example'],
  [URI, [OWN, TOOT, URI], 'harborlights@mastodon.example'],
  [`${URI}/activity`, [OWN, TOOT, URI], 'harborlights@mastodon.example'],
  [`https://mastodon.example/web/@harborlights/${TOOT}`, [OWN, TOOT, URI], 'harborlights@mastodon.example'],
  [`https://mastodon.example/deck/@harborlights/${TOOT}`, [OWN, TOOT, URI], 'harborlights@mastodon.example'],
  [`https://mastodon.example/@harborlights@other.example/${TOOT}`, [OWN, TOOT], 'harborlights@other.example'],
  [`https://mastodon.example/ap/users/109300000000123456/statuses/${TOOT}`, [OWN, TOOT], null],
  [`https://mastodon.example/web/statuses/${TOOT}`, [OWN, TOOT], null],
  [
    'https://example.com/@user/123456789012345678',
    [
      'example.com/123456789012345678',
      '123456789012345678',
      'https://example.com/users/user/statuses/123456789012345678',
    ],
    'user@example.com',
  ],
];

const POSTS = {
  tiktok: TIKTOK,
  instagram: INSTAGRAM,
  youtube: YOUTUBE,
  facebook: FACEBOOK,
  twitter: TWITTER,
  linkedin: LINKEDIN,
  threads: THREADS,
  pinterest: PINTEREST,
  snapchat: SNAPCHAT,
  bluesky: BLUESKY,
  mastodon: MASTODON,
};
const rows = Object.entries(POSTS).flatMap(([platform, list]) => list.map((row) => [platform, ...row] as const));

describe('a post', () => {
  test.each(rows)('of %s: %s', (platform, url, ids, username) => {
    expect(parsePostUrl(url)).toMatchObject({ kind: 'post', platform, ids, username });
  });

  test('of every platform is known', () => {
    expect(Object.keys(POSTS).toSorted()).toEqual([...PLATFORMS].toSorted());
  });
});

describe('a wrapper', () => {
  test.each([
    [
      'l.facebook.com',
      'https://l.facebook.com/l.php?u=https%3A%2F%2Fyoutu.be%2FkT3xW9pLq0A&h=AT1',
      'youtube:kT3xW9pLq0A',
    ],
    ['lm.facebook.com', 'https://lm.facebook.com/l.php?u=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20', 'twitter:20'],
    ['www.facebook.com/l.php', 'https://www.facebook.com/l.php?u=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20', 'twitter:20'],
    ['l.threads.com', 'https://l.threads.com/?u=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20', 'twitter:20'],
    ['google q', 'https://www.google.com/url?sa=t&q=https://youtu.be/kT3xW9pLq0A&usg=x', 'youtube:kT3xW9pLq0A'],
    ['google url', 'https://www.google.co.uk/url?url=https%3A%2F%2Fyoutu.be%2FkT3xW9pLq0A', 'youtube:kT3xW9pLq0A'],
    ['youtube redirect', 'https://www.youtube.com/redirect?event=x&q=x.com%2Fa%2Fstatus%2F20', 'twitter:20'],
    ['linkedin safety', 'https://www.linkedin.com/safety/go?url=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20', 'twitter:20'],
    ['tiktok link', 'https://www.tiktok.com/link/v2?aid=1&target=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20', 'twitter:20'],
    [
      'outlook',
      'https://nam12.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20',
      'twitter:20',
    ],
    [
      'two deep',
      `https://l.facebook.com/l.php?u=${encodeURIComponent('https://www.google.com/url?q=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20')}`,
      'twitter:20',
    ],
  ])('of %s is opened', (_, url, key) => {
    expect(identifyPost(url)).toBe(key);
  });

  test('around itself ends', () => {
    let url = 'https://x.com/a/status/20';
    for (let depth = 0; depth < 8; depth += 1) url = `https://l.facebook.com/l.php?u=${encodeURIComponent(url)}`;
    expect(parsePostUrl(url)).toBeUndefined();
  });
});

describe('a short link', () => {
  test.each([
    ['https://vm.tiktok.com/ZMhAbCdEf/', 'tiktok', 'ZMhAbCdEf'],
    ['vt.tiktok.com/ZSabc123', 'tiktok', 'ZSabc123'],
    ['https://www.tiktok.com/t/ZTabc123/', 'tiktok', 'ZTabc123'],
    ['https://fb.watch/aBc-De_1/', 'facebook', 'aBc-De_1'],
    ['https://www.facebook.com/share/p/1AbCdEfGhI/', 'facebook', '1AbCdEfGhI'],
    ['https://www.facebook.com/share/r/1AbCdEfGhI/?mibextid=x', 'facebook', '1AbCdEfGhI'],
    ['https://www.facebook.com/share/1AbCdEfGhI/', 'facebook', '1AbCdEfGhI'],
    ['https://fb.me/v/1AbCdEfGh', 'facebook', '1AbCdEfGh'],
    ['https://www.instagram.com/share/reel/BAbCdEfGhI', 'instagram', 'BAbCdEfGhI'],
    ['https://www.instagram.com/share/BAbCdEfGhI', 'instagram', 'BAbCdEfGhI'],
    ['https://pin.it/1AbCdEf', 'pinterest', '1AbCdEf'],
    ['https://api.pinterest.com/url_shortener/1AbCdEf/redirect/', 'pinterest', '1AbCdEf'],
    [
      'https://www.pinterest.com/pin/ATq0eV4oAbCdEfGhIjKlMnOpQrStUvWxYz0123/',
      'pinterest',
      'ATq0eV4oAbCdEfGhIjKlMnOpQrStUvWxYz0123',
    ],
    ['https://t.snapchat.com/4ZsiBLDi', 'snapchat', '4ZsiBLDi'],
    ['https://www.snapchat.com/t/4ZsiBLDi', 'snapchat', '4ZsiBLDi'],
    ['https://lnkd.in/p/dAbCdEfG', 'linkedin', 'dAbCdEfG'],
    ['https://lnkd.in/dAbCdEfG', 'linkedin', 'dAbCdEfG'],
  ])('%s', (url, platform, code) => {
    expect(parsePostUrl(url)).toEqual({ kind: 'short-link', platform, code });
    expect(identifyPost(url)).toBeUndefined();
  });
});

describe('a profile', () => {
  test.each([
    ['https://www.tiktok.com/@Isaiah_Dupree', 'tiktok', 'isaiah_dupree'],
    ['https://www.tiktok.com/embed/@isaiah_dupree', 'tiktok', 'isaiah_dupree'],
    ['https://www.tiktok.com/@isaiah_dupree/live', 'tiktok', 'isaiah_dupree'],
    ['https://www.instagram.com/harbor.lights/', 'instagram', 'harbor.lights'],
    ['https://www.instagram.com/harbor.lights/reels/', 'instagram', 'harbor.lights'],
    ['https://www.youtube.com/@HarborLights', 'youtube', 'harborlights'],
    ['https://www.youtube.com/@HarborLights/videos', 'youtube', 'harborlights'],
    ['https://www.youtube.com/channel/UCq3TnV8rXw5LmZ0aYbK7dEg', 'youtube', null],
    ['https://www.facebook.com/HarborLights', 'facebook', 'harborlights'],
    ['https://www.facebook.com/harborlights/videos/', 'facebook', 'harborlights'],
    ['https://www.facebook.com/profile.php?id=104821937465012', 'facebook', null],
    ['https://www.facebook.com/104821937465012', 'facebook', null],
    ['https://x.com/Harbor_Lights', 'twitter', 'harbor_lights'],
    ['https://twitter.com/harbor_lights/media', 'twitter', 'harbor_lights'],
    ['https://www.linkedin.com/company/harbor-lights/', 'linkedin', 'harbor-lights'],
    ['https://www.linkedin.com/in/isaiah-dupree/recent-activity/all/', 'linkedin', 'isaiah-dupree'],
    ['https://www.threads.net/@harbor.lights', 'threads', 'harbor.lights'],
    ['https://www.pinterest.de/harborlights/', 'pinterest', 'harborlights'],
    ['https://www.snapchat.com/add/harbor.lights', 'snapchat', 'harbor.lights'],
    ['https://story.snapchat.com/s/harbor.lights', 'snapchat', 'harbor.lights'],
    ['https://bsky.app/profile/harborlights.bsky.social', 'bluesky', 'harborlights.bsky.social'],
    [`https://bsky.app/profile/${DID}`, 'bluesky', null],
  ])('%s', (url, platform, username) => {
    expect(parsePostUrl(url)).toEqual({ kind: 'profile', platform, username });
    expect(identifyPost(url)).toBeUndefined();
  });
});

describe('nothing', () => {
  test.each([
    // hosts that only look like a platform's
    `https://tiktok.com.evil.example/@a/video/${VIDEO}`,
    `https://nottiktok.com/@a/video/${VIDEO}`,
    `https://tiktok.co/@a/video/${VIDEO}`,
    `https://tiktok.com@evil.example/@a/video/${VIDEO}`,
    `https://www.tiktok.com%2F@evil.example/video/${VIDEO}`,
    `https://evil.example/?u=tiktok.com/@a/video/${VIDEO}`,
    `https://evil.example/?url=https://www.tiktok.com/@a/video/${VIDEO}`,
    `https://evil.example/#https://www.tiktok.com/@a/video/${VIDEO}`,
    `https://evil.example/www.tiktok.com/@a/video/${VIDEO}`,
    'https://l.facebook.com.evil.example/l.php?u=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20',
    'https://google.evil.example/url?q=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F20',
    'https://instagram.com.evil.example/p/DcRTYhjgbZp/',
    'https://youtu.be.evil.example/kT3xW9pLq0A',
    'https://myoutu.be/kT3xW9pLq0A',
    'https://notyoutube.com/watch?v=kT3xW9pLq0A',
    'https://netflix.com/a/status/2090491601875895394',
    'https://fedex.com/a/status/2090491601875895394',
    'https://twitter.com.evil.example/a/status/20',
    'https://nitter.evil.example/a/status/20',
    'https://pinterest.com.evil.example/pin/813183201234567811/',
    'https://pinterest.evil.example/pin/813183201234567811/',
    'https://notfb.watch/aBcDe',
    'https://xn--tktok-1sa.com/@a/video/7429779620297231647',
    `https://bsky.app.evil.example/profile/${DID}/post/${RKEY}`,
    // pages of a platform that are neither posts nor profiles
    'https://www.tiktok.com/',
    'https://www.tiktok.com/tag/fog',
    'https://www.tiktok.com/search?q=fog',
    'https://www.tiktok.com/music/original-sound-7429779620297231647',
    'https://www.tiktok.com/@a/playlist/fog-7429779620297231647',
    'https://www.tiktok.com/@a/video/742977962029723164x',
    'https://www.tiktok.com/@a/video/123',
    'https://www.instagram.com/explore/tags/fog/',
    'https://www.instagram.com/explore/locations/213385402/',
    'https://www.instagram.com/reels/audio/3968037994870453865/',
    'https://www.instagram.com/stories/highlights/17912345678901234/',
    'https://www.instagram.com/p/',
    'https://www.instagram.com/p/DcRTYhjgbZpX/',
    'https://www.instagram.com/accounts/login/',
    'https://www.youtube.com/playlist?list=PLabcdefghijk',
    'https://www.youtube.com/embed/videoseries?list=PLabcdefghijk',
    'https://www.youtube.com/embed/live_stream?channel=UCq3TnV8rXw5LmZ0aYbK7dEg',
    'https://www.youtube.com/watch?list=PLabcdefghijk',
    'https://www.youtube.com/watch?v=tooShort',
    'https://www.youtube.com/watch?v=kT3xW9pLq0Alonger',
    'https://www.youtube.com/results?search_query=fog',
    'https://www.youtube.com/hashtag/fog',
    'https://www.youtube.com/feed/subscriptions',
    'https://www.youtube.com/attribution_link?u=',
    'https://www.facebook.com/hashtag/fog',
    'https://www.facebook.com/groups/lighthouses/',
    'https://www.facebook.com/events/2948301928374650/',
    'https://www.facebook.com/watch/',
    'https://www.facebook.com/permalink.php?id=104821937465012',
    'https://www.facebook.com/marketplace/item/2948301928374650/',
    'https://x.com/search?q=fog',
    'https://x.com/hashtag/fog',
    'https://x.com/i/lists/2090491601875895394',
    'https://x.com/i/spaces/1AbCdEfGhIjKl',
    'https://x.com/a/status/',
    'https://x.com/a/status/abc',
    'https://www.linkedin.com/feed/',
    'https://www.linkedin.com/jobs/view/3968037994',
    'https://www.linkedin.com/pulse/fog-at-dawn-isaiah-dupree-abcd',
    'https://www.linkedin.com/feed/hashtag/fog/',
    'urn:li:organization:71234567',
    'https://www.threads.net/search?q=fog',
    'https://www.pinterest.com/search/pins/?q=fog',
    'https://www.pinterest.com/harborlights/lighthouses/',
    'https://www.pinterest.com/pin/create/button/?url=https://example.org',
    'https://www.snapchat.com/lens/0123456789abcdef',
    'https://bsky.app/search?q=fog',
    'https://bsky.app/hashtag/fog',
    `https://bsky.app/profile/${DID}/feed/${RKEY}`,
    `at://${DID}/app.bsky.feed.like/${RKEY}`,
    // paths that only resemble Mastodon's
    'https://example.com/@user/123456789',
    'https://example.com/@user/12345678901x',
    'https://example.com/@user/fog-at-dawn-123456789012',
    'https://example.com/@user',
    'https://example.com/user/123456789012345678',
    'https://127.0.0.1/@user/123456789012345678',
    'http://localhost/@user/123456789012345678',
    // not URLs
    '',
    ' ',
    '<>',
    VIDEO,
    'DcRTYhjgbZp',
    'tiktok:isaiah_dupree',
    'tiktok.com',
    'https://',
    'https://%',
    `ftp://www.tiktok.com/@a/video/${VIDEO}`,
    `javascript:location="https://www.tiktok.com/@a/video/${VIDEO}"`,
    `mailto:a@tiktok.com/@a/video/${VIDEO}`,
    `look: https://www.tiktok.com/@a/video/${VIDEO}`,
    `https://www.tiktok.com/@a/${'x'.repeat(9000)}/video/${VIDEO}`,
  ])('%s', (url) => {
    expect(parsePostUrl(url)).toBeUndefined();
    expect(identifyPost(url)).toBeUndefined();
  });
});

describe('identifyPost', () => {
  const groups: [key: string, same: string[]][] = [
    [`tiktok:${VIDEO}`, TIKTOK.map(([url]) => url)],
    ['instagram:3968037994870453865', INSTAGRAM.filter(([, ids]) => ids === REEL).map(([url]) => url)],
    ['youtube:kT3xW9pLq0A', YOUTUBE.filter(([, ids]) => ids === WATCH).map(([url]) => url)],
    ['facebook:2948301928374650', FACEBOOK.filter(([, ids]) => ids !== PFBID).map(([url]) => url)],
    ['twitter:2090491601875895394', TWITTER.filter(([, ids]) => ids === TWEET).map(([url]) => url)],
    ['threads:3968037994870453865', THREADS.map(([url]) => url)],
    ['pinterest:813183201234567811', PINTEREST.map(([url]) => url)],
    [`bluesky:${RKEY}`, BLUESKY.map(([url]) => url)],
    [`mastodon:mastodon.example/${TOOT}`, MASTODON.slice(0, -1).map(([url]) => url)],
  ];
  test.each(groups)('is %s for every form of the post', (key, same) => {
    expect(new Set(same.map((url) => identifyPost(url)))).toEqual(new Set([key]));
  });

  test.each([
    ['another video', `tiktok.com/@a/video/${VIDEO}`, 'tiktok.com/@a/video/7429779620297231648'],
    ['another case', 'youtu.be/kT3xW9pLq0A', 'youtu.be/kT3xW9pLq0a'],
    ['another case of a shortcode', 'instagram.com/p/DcRTYhjgbZp', 'instagram.com/p/DcRTYhjgbZP'],
    ['another platform', 'instagram.com/p/DcRTYhjgbZp', 'threads.net/t/DcRTYhjgbZp'],
    ['another kind of number', 'urn:li:share:7496257291419648077', 'urn:li:activity:7496257291419648077'],
    ['another instance', `mastodon.example/@a/${TOOT}`, `other.example/@a/${TOOT}`],
    [
      'a key that anyone could choose',
      'bsky.app/profile/a.example/post/hello',
      'bsky.app/profile/b.example/post/hello',
    ],
  ])('differs for %s', (_, one, other) => {
    expect(identifyPost(one)).toBeDefined();
    expect(identifyPost(other)).toBeDefined();
    expect(identifyPost(one)).not.toBe(identifyPost(other));
  });

  test('leads from the number of a post on Instagram to its shortcode and back', () => {
    const shortcode = fc.bigInt({ min: 10n ** 15n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(shortcode, (number) => {
        const story = parsePostUrl(`https://www.instagram.com/stories/a/${number}/`);
        const [code, same] = story?.kind === 'post' ? story.ids : [];
        expect(same).toBe(`${number}`);
        expect(parsePostUrl(`https://www.instagram.com/p/${code}/`)).toMatchObject({ ids: [code, `${number}`] });
      }),
    );
  });
});

describe('any text', () => {
  const valid = fc.constantFrom(...rows.map(([, url]) => url));
  const urls = rows.map(([, url]) => url).filter((url) => url.startsWith('https:') && URL.canParse(url));
  const hosts = [...new Set(urls.map((url) => new URL(url).host))];

  /** Must not throw, and what it finds must be whole. */
  function check(text: string): void {
    const found = parsePostUrl(text);
    if (found?.kind === 'post') {
      expect(PLATFORMS).toContain(found.platform);
      expect(found.ids.length).toBeGreaterThan(0);
      expect(found.ids.every((id) => id !== '' && !/\s/.test(id))).toBe(true);
      expect(found.key.startsWith(`${found.platform}:`)).toBe(true);
      expect(found.username).not.toBe('');
      expect(identifyPost(text)).toBe(found.key);
    } else {
      expect(identifyPost(text)).toBeUndefined();
    }
  }

  test('is read without an exception', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), { numRuns: 1000 });
    fc.assert(fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), check), { numRuns: 1000 });
    fc.assert(
      fc.property(fc.constantFrom(...hosts), fc.webPath(), fc.webQueryParameters(), (host, path, query) =>
        check(`https://${host}${path}?${query}`),
      ),
      { numRuns: 1000 },
    );
  });

  test('that is nearly a URL of a post is read without an exception', () => {
    const cut = fc.tuple(valid, fc.nat(200), fc.nat(5), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(cut, ([url, at, length, put]) => check(url.slice(0, at) + put + url.slice(at + length))),
      { numRuns: 5000 },
    );
  });

  test('around a URL that was copied changes nothing', () => {
    const around = fc.string({ unit: fc.constantFrom(...' <>()"\'“”,.;!\n\t\u200B'), maxLength: 6 });
    fc.assert(
      fc.property(around, valid, around, (before, url, after) => {
        expect(identifyPost(before + url + after)).toBe(identifyPost(url));
      }),
      { numRuns: 1000 },
    );
  });

  test('in tracking parameters changes nothing', () => {
    const plain = fc.constantFrom(...rows.map(([, url]) => url).filter((url) => /^https?:[^?#%“”]*[\w/]$/.test(url)));
    fc.assert(
      fc.property(plain, fc.webQueryParameters(), fc.webFragments(), (url, query, fragment) => {
        expect(identifyPost(`${url}?utm_source=x&fbclid=${encodeURIComponent(query)}#${fragment}`)).toBe(
          identifyPost(url),
        );
      }),
    );
  });

  test('of 100 kB is read at once', () => {
    const bits = [
      'a',
      '.',
      '/',
      '-',
      '--',
      '_',
      '@',
      '%',
      '%2F',
      '<',
      ' ',
      '1',
      'a.',
      '/@a',
      '&u=',
      'share-1',
      'urn:li:',
      ':(',
    ];
    const start = performance.now();
    for (const bit of bits) {
      const long = bit.repeat(Math.ceil(100_000 / bit.length));
      check(long);
      for (const [, url] of rows) {
        parsePostUrl(url + long);
        // The longest that is still looked at, with an end that no pattern expects.
        parsePostUrl(`${url}${long.slice(0, 8192 - url.length - 2)}\n#`);
      }
    }
    // Over 8000 texts. A pattern that takes the square of their length would need minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
  }, 60_000);
});
