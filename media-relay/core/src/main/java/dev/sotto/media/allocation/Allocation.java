package dev.sotto.media.allocation;

import java.util.List;

/**
 * The outcome of one run.
 *
 * @param grants one for each source, in order of importance
 * @param allocatedBps the sum of the granted layers, without what was reserved
 * @param idealBps the target at which every source would get the best layer it may have, with what
 *     is reserved: what probing should reach for
 * @param nextStepBps the least target at which one more upgrade would fit; {@code idealBps} if
 *     there is none
 */
public record Allocation(List<Grant> grants, long allocatedBps, long idealBps, long nextStepBps) {
  /** The sources that only lack of bandwidth keeps away, the most important first. */
  public List<Integer> suspended() {
    return grants.stream()
        .filter(grant -> grant.outcome() == Outcome.SUSPENDED)
        .map(Grant::sourceId)
        .toList();
  }
}
