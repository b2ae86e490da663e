package dev.sotto.config.management;

/**
 * What a role answers on the management port besides health and metrics.
 *
 * @param path of the resource; all below it is its own too
 * @param maxBodyBytes a longer body is refused before it is read
 */
public record ManagementResource(String path, int maxBodyBytes, Handler handler) {

  /** Answers requests; may block, on a thread of its own. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers one request.
     *
     * @param path as in the request line, percent-encoded, without its query
     */
    Answer answer(String method, String path, byte[] body);
  }

  /**
   * An answer in JSON.
   *
   * @param allow the methods of the path, for a 405; else empty
   */
  public record Answer(int status, String body, String allow) {}
}
