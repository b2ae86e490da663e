package dev.sotto.benchmarks.report;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of one benchmark run, in the shape that DESIGN fixes for scripts. */
public record Report(
    String name, String commit, String machine, Instant startedAt, List<Row> rows) {

  /** Writes {@code report.json} and {@code report.html} into the folder, which is made. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.json"), toJson());
    Files.writeString(folder.resolve("report.html"), HtmlReport.of(this));
  }

  /** The JSON document. */
  public String toJson() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", name);
    document.put("commit", commit);
    document.put("machine", machine);
    document.put("startedAt", startedAt.toString());
    document.put("rows", rows.stream().map(Report::json).toList());
    return JSONObjectUtils.toJSONString(document);
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("case", row.name());
    json.put("metric", row.metric());
    json.put("unit", row.unit());
    json.put("better", row.better().name().toLowerCase(Locale.ROOT));
    json.put("sotto", json(row.sotto()));
    json.put("peers", json(row.peers()));
    json.put("ratio", json(row.ratio()));
    return json;
  }

  private static Map<String, Object> json(Map<String, Spread> byPeer) {
    Map<String, Object> json = new LinkedHashMap<>();
    byPeer.forEach((peer, spread) -> json.put(peer, json(spread)));
    return json;
  }

  private static Map<String, Object> json(Spread spread) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("median", spread.median());
    json.put("min", spread.min());
    json.put("max", spread.max());
    return json;
  }

  /** One line a row, for the terminal. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(row.toText()).append('\n'));
    return text.toString();
  }
}
