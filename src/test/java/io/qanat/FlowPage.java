package io.qanat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page that tells how a flow is added, as somebody who follows it to the letter reads it. */
public final class FlowPage {
  private static final Path PAGE = Path.of("docs/adding-a-flow.md");
  private static final Pattern FILE =
      Pattern.compile("(?ms)^`(routes/[^`]*)`:\n\n```yaml\n(.*?)^```$");
  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  private final String text;

  /** Reads the page. */
  public FlowPage() {
    try {
      text = Files.readString(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files that it says to write, by their paths. */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    Matcher file = FILE.matcher(text);
    while (file.find()) {
      files.put(file.group(1), file.group(2));
    }
    return files;
  }

  /** Writes its files. */
  public void write(Path home) {
    files()
        .forEach(
            (path, content) -> {
              try {
                Path file = home.resolve(path);
                Files.createDirectories(file.getParent());
                Files.writeString(file, content);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** The commands that it says to run, one each. */
  public List<String> commands() {
    Matcher commands = COMMANDS.matcher(text);
    return commands.results().flatMap(found -> found.group(1).lines()).toList();
  }
}
