import type { Scored } from './caption.ts';
import type { Content, Decision, MatchPost, Thresholds } from './content.ts';
import { isSameDuration } from './evidence.ts';

/** Accepts the best candidate, asks a person, or leaves the post alone. */
export function decideOn(
  post: MatchPost,
  ranked: readonly Scored[],
  content: readonly Content[],
  { accept, review, margin }: Thresholds,
): Decision {
  const [first, second] = preferFitting(post, ranked, content, margin);
  const best = first?.candidate;
  const runnerUp = second?.candidate;
  const answer = (outcome: Decision['outcome'], reason: string): Decision => ({
    postId: post.id,
    outcome,
    best,
    runnerUp,
    reason,
  });
  if (!first || !best) return answer('none', post.caption?.trim() ? 'no content shares a telling word' : 'no caption');
  if (best.score < review) return answer('none', 'nothing is similar enough');
  if (first.isVetoed) {
    const why = best.method === 'url' ? best.evidence[0] : 'the words are alike';
    return answer('review', `${why}, but it may be another one`);
  }
  if (best.score < accept) return answer('review', 'not similar enough to be sure');
  // The URL is proof; whatever speaks for another one does not weaken it, but for the same proof.
  const rival = best.score === 1 && runnerUp?.score !== 1 ? 0 : (runnerUp?.score ?? 0);
  const lead = best.score - rival;
  // Rounding must not turn a lead of exactly the margin into less.
  if (lead + 1e-9 >= margin || isOwnClip(first, second, post, content))
    return answer('accepted', best.evidence[0] ?? '');
  return answer('review', `${runnerUp?.kind} ${runnerUp?.id} is as likely`);
}

/** Puts the one of a video and its own clip first whose duration is the post's, when they are nearly equal. */
function preferFitting(
  post: MatchPost,
  ranked: readonly Scored[],
  content: readonly Content[],
  margin: number,
): readonly Scored[] {
  const [first, second, ...rest] = ranked;
  if (!first || !second || first.candidate.score - second.candidate.score >= margin) return ranked;
  return isOwnClip(second, first, post, content) ? [second, first, ...rest] : ranked;
}

/** True when `a` and `b` are a video and its clip, and only `a` is as long as the post. */
function isOwnClip(a: Scored, b: Scored | undefined, post: MatchPost, content: readonly Content[]): boolean {
  const [one, other] = [content[a.owner], b && content[b.owner]];
  if (!one || !other || one.kind === other.kind) return false;
  const isFamily = one.kind === 'clip' ? one.videoId === other.id : other.videoId === one.id;
  return isFamily && isSameDuration(one.duration, post.duration) && !isSameDuration(other.duration, post.duration);
}
