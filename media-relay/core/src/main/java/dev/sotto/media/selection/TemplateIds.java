package dev.sotto.media.selection;

import dev.sotto.media.dd.TemplateDependencyStructure;

/**
 * Gives each structure that goes out ids of its own: behind those of the one before, so that a
 * packet is never read by the wrong one (template_id_offset, A.8.3).
 */
final class TemplateIds {
  private boolean begun;
  private int next;

  /** What is added to the template ids of the structure, modulo 64. */
  int deltaFor(TemplateDependencyStructure structure) {
    int first = begun ? next : structure.templateIdOffset();
    begun = true;
    next = (first + structure.templateCount()) & 63;
    return (first - structure.templateIdOffset()) & 63;
  }
}
