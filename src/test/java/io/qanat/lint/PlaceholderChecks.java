package io.qanat.lint;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is filled in from outside: parameters, settings, secrets. */
final class PlaceholderChecks {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?i).*(password|passwd|passphrase|secret|token|api-?key|access-?key|private-?key|credentials?)");
  private static final Pattern SECRET_VALUE =
      Pattern.compile("(?i)password\\s*=\\s*[\"']?(?![\"']?\\{\\{)\\S+|//[^/@:{\\s]+:[^/@{\\s]+@");

  private PlaceholderChecks() {}

  static void resolve(LintFile file, House house, Report report) {
    file.flowing()
        .walk()
        .filter(Yaml::isScalar)
        .forEach(
            piece -> {
              Matcher matcher = PLACEHOLDER.matcher(piece.text());
              while (matcher.find()) {
                if (!resolves(matcher.group(1), file, house)) {
                  report.say(
                      piece,
                      "has {{%s}} that nothing fills in; declare it, give it a setting or a default",
                      matcher.group(1));
                }
              }
            });
  }

  private static boolean resolves(String placeholder, LintFile file, House house) {
    if (placeholder.startsWith("?")) {
      return true;
    }
    String[] parts = placeholder.split(":", -1);
    boolean function = parts[0].equals("env") || parts[0].equals("sys");
    if (parts.length > (function ? 2 : 1)) {
      return true;
    }
    return !function
        && (house.settings().contains(placeholder)
            || isLocalBean(placeholder, file)
            || isFilled(placeholder, file));
  }

  private static boolean isLocalBean(String name, LintFile file) {
    return file.flowing().at("beans").items().stream()
        .anyMatch(bean -> bean.textAt("name").equals(name));
  }

  /** An optional parameter without a default is filled in only where it is given. */
  private static boolean isFilled(String name, LintFile file) {
    Yaml parameter = file.parameters().get(name);
    return parameter != null
        && (file.required().contains(name) || parameter.find("default").isPresent());
  }

  static void noSecrets(LintFile file, House house, Report report) {
    Yaml properties = file.root().at("spec", "definition", "properties");
    properties.fields().entrySet().stream()
        .filter(entry -> SECRET_KEY.matcher(entry.getKey()).matches())
        .map(entry -> Map.entry(entry.getKey(), entry.getValue().at("default")))
        .forEach(entry -> secret(entry.getKey(), entry.getValue(), report));
    file.flowing().entries().forEach(entry -> secret(entry.getKey(), entry.getValue(), report));
  }

  private static void secret(String key, Yaml value, Report report) {
    String text = value.text();
    boolean secretKey =
        SECRET_KEY.matcher(key).matches() && !text.isEmpty() && !text.matches("(\\{\\{|#).*");
    if (value.isScalar() && (secretKey || SECRET_VALUE.matcher(text).find())) {
      report.say(value, "has a literal secret at %s; write a placeholder: {{..}}", key);
    }
  }
}
