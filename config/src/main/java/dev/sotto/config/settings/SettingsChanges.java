package dev.sotto.config.settings;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a running server can take up of changed settings, and what takes a new start.
 *
 * @param merged the running settings with every {@link Reloadable} value of the wanted ones
 * @param needingRestart keys whose other values are in the wanted settings only
 */
public record SettingsChanges(Settings merged, List<String> needingRestart) {

  /** Values that only make sense together with where listeners are and who may sign in. */
  private static final Set<String> BOUND_TO_START = Set.of("sotto.public-address", "sotto.tokens");

  /** Compares what runs with what is wanted. */
  public static SettingsChanges between(Settings running, Settings wanted) {
    boolean moved =
        !running.listenAddress().equals(wanted.listenAddress())
            || running.tokens().keySource() != wanted.tokens().keySource();
    List<String> left = new ArrayList<>();
    Merge merge = new Merge(moved ? BOUND_TO_START : Set.of(), left);
    Settings merged = (Settings) merge.section(SettingKey.ROOT, running, wanted, false);
    return new SettingsChanges(merged, List.copyOf(left));
  }

  private record Merge(Set<String> frozen, List<String> left) {

    Object section(String path, Object running, Object wanted, boolean isFrozen) {
      RecordComponent[] components = running.getClass().getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        RecordComponent component = components[i];
        String child = path + "." + SettingKey.kebab(component.getName());
        boolean keep = isFrozen || frozen.contains(child);
        Object before = SettingKey.valueOf(component, running);
        Object after = SettingKey.valueOf(component, wanted);
        if (SettingKey.isSection(component)) {
          values[i] = section(child, before, after, keep);
        } else if (component.isAnnotationPresent(Reloadable.class) && !keep) {
          values[i] = after;
        } else {
          values[i] = before;
          if (!before.equals(after)) {
            left.add(child);
          }
        }
      }
      return SettingKey.newSection(running.getClass(), path, values);
    }
  }
}
