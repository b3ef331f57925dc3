import type { CalibrationPair } from './calibrate.ts';
import { createCodeFinder } from './code.ts';
import {
  type Candidate,
  type Content,
  type Decision,
  DEFAULT_THRESHOLDS,
  type MatchPost,
  type Thresholds,
} from './content.ts';
import { createCaptionScorer, type Scored } from './caption.ts';
import { decideOn } from './decide.ts';
import { createIdentityFinder, type Identify } from './identity.ts';

export { DEFAULT_THRESHOLDS };
export type { Candidate, Content, Decision, MatchPost, Thresholds };

/** What a matcher may be told. */
export interface MatcherOptions {
  thresholds?: Thresholds;
  /** Names the post that a URL leads to. Without it only equal URLs are the same post. */
  identify?: Identify;
  /** Looks at every text that shares any word, however common: slow, to measure what the index misses. */
  isExhaustive?: boolean;
}

/** Links posts to the content of one catalogue. */
export interface Matcher {
  decide(post: MatchPost): Decision;
  /** The content that a post may show, best first. */
  rank(post: MatchPost, limit: number): Candidate[];
  /** The best two, and whether the best may be accepted at all: what `calibrate` asks for. */
  rankForCalibration(post: MatchPost): Pick<CalibrationPair, 'candidates' | 'isAcceptable'>;
}

/** The content's own URL. */
const PROOF_SCORE = 1;
/** A link or id in a description: enough to ask a person, never to link by it alone. */
const MENTION_SCORE = 0.8;
/** A code is nearly proof: people also mention one video in the caption of another. */
const CODE_SCORE = 0.98;
/** From this share of a title's words on, a hashtag that no other content has is believed. */
const TAG_NEEDS = 0.85;

/** Reads a catalogue once; then each post costs about its own length. The order of the content does not matter. */
export function createMatcher(catalogue: readonly Content[], options: MatcherOptions = {}): Matcher {
  const { thresholds = DEFAULT_THRESHOLDS, identify = () => undefined, isExhaustive = false } = options;
  const content = catalogue.toSorted((a, b) => compareText(a.kind, b.kind) || compareText(a.id, b.id));
  const findIdentity = createIdentityFinder(content, identify);
  const findCodes = createCodeFinder(content);
  const scoreCaption = createCaptionScorer(content, isExhaustive);

  const rankAll = (post: MatchPost): Scored[] => {
    const found = new Map<number, Scored>();
    const add = (owner: number, method: Candidate['method'], score: number, why: string, isVetoed = false) => {
      const { kind, id } = content[owner] as Content;
      const known = found.get(owner);
      if (known && known.candidate.score >= score) return;
      const evidence = known ? [why, ...known.candidate.evidence] : [why];
      found.set(owner, { owner, isVetoed, titleShare: 1, candidate: { kind, id, score, method, evidence } });
    };
    const caption = post.caption ?? '';
    for (const scored of scoreCaption(post)) found.set(scored.owner, scored);
    for (const { owner, method, written, isProof } of findCodes(caption)) {
      const words = found.get(owner);
      if (isProof || (words && !words.isVetoed && words.titleShare >= TAG_NEEDS))
        add(owner, method, CODE_SCORE, `${written} stands in the caption`);
    }
    for (const { owner, why, isProof } of findIdentity(post)) {
      const known = found.get(owner);
      if (isProof) add(owner, 'url', PROOF_SCORE, why);
      // What would be accepted by its words or a code is not taken back because its description says the same.
      else if (known && !known.isVetoed && known.candidate.score >= thresholds.accept)
        known.candidate.evidence.push(why);
      else add(owner, 'url', MENTION_SCORE, why, true);
    }
    return [...found.values()].toSorted((a, b) => b.candidate.score - a.candidate.score || a.owner - b.owner);
  };

  return {
    decide: (post) => decideOn(post, rankAll(post), content, thresholds),
    rank: (post, limit) =>
      rankAll(post)
        .slice(0, limit)
        .map(({ candidate }) => candidate),
    rankForCalibration: (post) => {
      const [first, second] = rankAll(post);
      const candidates = [first, second].flatMap((scored) => (scored ? [scored.candidate] : []));
      return { candidates, isAcceptable: first?.isVetoed !== true };
    },
  };
}

// By code unit: a locale's order differs between machines.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
