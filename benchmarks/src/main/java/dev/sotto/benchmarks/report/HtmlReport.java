package dev.sotto.benchmarks.report;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as one page that needs nothing else. */
final class HtmlReport {

  private static final String STYLE =
      "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;"
          + "color-scheme:light dark}table{border-collapse:collapse;width:100%}"
          + "th,td{text-align:left;padding:.4rem .8rem;border-bottom:1px solid #8884}"
          + "td.n{text-align:right;font-variant-numeric:tabular-nums}small{opacity:.7}";

  private HtmlReport() {}

  static String of(Report report) {
    String rows = report.rows().stream().map(HtmlReport::row).collect(Collectors.joining("\n"));
    return """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Sotto: %s</title>
    <style>%s</style>
    <h1>%s</h1>
    <p>%s · commit %s · %s</p>
    <table>
    <thead><tr><th>Case<th>Metric<th>Sotto<th>Peers<th>Ratio</tr></thead>
    <tbody>
    %s
    </tbody>
    </table>
    </html>
    """
        .formatted(
            escape(report.name()),
            STYLE,
            escape(report.name()),
            escape(report.startedAt().toString()),
            escape(report.commit()),
            escape(report.machine()),
            rows);
  }

  private static String row(Row row) {
    return "<tr><td>%s<td>%s <small>(%s is better)</small><td class=n>%s %s<td>%s<td>%s</tr>"
        .formatted(
            escape(row.name()),
            escape(row.metric()),
            row.better().name().toLowerCase(Locale.ROOT),
            spread(row.sotto()),
            escape(row.unit()),
            byPeer(row.peers()),
            byPeer(row.ratio()));
  }

  private static String byPeer(Map<String, Spread> spreads) {
    return spreads.entrySet().stream()
        .map(entry -> escape(entry.getKey()) + " " + spread(entry.getValue()))
        .collect(Collectors.joining("<br>"));
  }

  private static String spread(Spread spread) {
    return String.format(
        Locale.ROOT, "%.1f <small>%.1f–%.1f</small>", spread.median(), spread.min(), spread.max());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
