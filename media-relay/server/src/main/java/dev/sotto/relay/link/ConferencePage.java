package dev.sotto.relay.link;

import dev.sotto.relay.colibri.SottoElement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Conferences that a relay holds, as many as one stanza may carry, in the order of their ids. What
 * does not fit is on the pages after it: whoever asks for those names the last id that it has, and
 * misses none that stays, whatever comes and goes between.
 *
 * @param total of conferences held
 * @param ids on this page
 * @param complete whether this page is the last
 */
record ConferencePage(int total, List<String> ids, boolean complete) {
  /** The element's name, and its children's. */
  static final String ELEMENT = "conferences";

  static final String CONFERENCE = "conference";
  static final String ID = "id";

  /** Bytes of the ids' elements: small beside the least limit that servers have on a stanza. */
  static final int MAX_BYTES = 16 * 1024;

  /** The element around an id. */
  private static final int ELEMENT_BYTES = "<conference id=''/>".length();

  /** What one UTF-16 unit becomes at most: a quotation mark, escaped. */
  private static final int MAX_BYTES_OF_CHAR = 6;

  ConferencePage {
    ids = List.copyOf(ids);
  }

  /**
   * @param after the last id of the page before, or the empty string for the first page
   */
  static ConferencePage of(Collection<String> held, String after) {
    List<String> ids = new ArrayList<>();
    int bytes = 0;
    for (String id : held.stream().filter(id -> id.compareTo(after) > 0).sorted().toList()) {
      bytes += ELEMENT_BYTES + MAX_BYTES_OF_CHAR * id.length();
      if (bytes > MAX_BYTES) {
        return new ConferencePage(held.size(), ids, false);
      }
      ids.add(id);
    }
    return new ConferencePage(held.size(), ids, true);
  }

  SottoElement element() {
    SottoElement conferences = new SottoElement(ELEMENT);
    conferences.setAttribute("total", total);
    conferences.setAttribute("complete", complete);
    ids.forEach(id -> conferences.addChildExtension(conference(id)));
    return conferences;
  }

  static SottoElement conference(String id) {
    SottoElement conference = new SottoElement(CONFERENCE);
    conference.setAttribute(ID, id);
    return conference;
  }
}
