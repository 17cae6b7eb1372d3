package io.qanat.lint;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContextAware;

/** How YAML calls Java. */
final class BeanChecks {
  private static final Set<String> BEAN_KEYS = Set.of("bean", "method");
  private static final Pattern SIMPLE_BEAN = Pattern.compile("\\$\\{bean:([^}]*)}");
  private static final BeanClasses CLASSES = new BeanClasses("io.qanat");

  /** A bean that YAML calls. */
  private record Call(Yaml at, String bean, String method) {}

  private BeanChecks() {}

  static void namesMethod(LintFile file, House house, Report report) {
    calls(file)
        .filter(call -> call.method.isEmpty())
        .forEach(call -> report.say(call.at, "calls the bean '%s'; name its method", call.bean));
  }

  static void hasOneMethod(LintFile file, House house, Report report) {
    calls(file)
        .forEach(
            call -> {
              Optional<Class<?>> type = CLASSES.find(typeOf(call.bean, file));
              if (type.isEmpty()) {
                report.say(
                    call.at, "calls '%s'; no bean or class of ours is called that", call.bean);
                return;
              }
              String init = local(call.bean, file).textAt("initMethod");
              List<String> methods =
                  publicMethods(type.get()).stream().filter(name -> !name.equals(init)).toList();
              if (methods.size() != 1) {
                report.say(
                    call.at,
                    "calls %s with the public methods %s; leave it one",
                    type.get().getSimpleName(),
                    methods);
              } else if (!call.method.isEmpty() && !methods.contains(call.method)) {
                report.say(
                    call.at, "calls %s of '%s'; its method is %s", call.method, call.bean, methods);
              }
            });
  }

  /** The class of a bean that the kamelet itself declares, else the name as it stands. */
  private static String typeOf(String bean, LintFile file) {
    String type = local(bean, file).textAt("type");
    return type.isEmpty() ? name(bean) : type;
  }

  /** The bean that the kamelet itself declares; nothing if it does not. */
  private static Yaml local(String bean, LintFile file) {
    return file.flowing().at("beans").items().stream()
        .filter(local -> local.textAt("name").equals(name(bean)))
        .findFirst()
        .orElse(Yaml.NOTHING);
  }

  private static String name(String bean) {
    return bean.replaceAll("^\\{\\{|}}$", "");
  }

  private static List<String> publicMethods(Class<?> type) {
    return Stream.of(type.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
        .filter(method -> !isSetter(method) && !isOfObject(method) && !isContextAware(type, method))
        .map(Method::getName)
        .sorted()
        .toList();
  }

  private static boolean isSetter(Method method) {
    return method.getName().matches("set[A-Z].*") && method.getParameterCount() == 1;
  }

  private static boolean isOfObject(Method method) {
    return Stream.of(Object.class.getMethods())
        .anyMatch(
            own ->
                own.getName().equals(method.getName())
                    && List.of(own.getParameterTypes())
                        .equals(List.of(method.getParameterTypes())));
  }

  private static boolean isContextAware(Class<?> type, Method method) {
    return CamelContextAware.class.isAssignableFrom(type)
        && method.getName().equals("getCamelContext");
  }

  private static Stream<Call> calls(LintFile file) {
    Stream<Call> keyed =
        file.flowing()
            .entries()
            .filter(entry -> BEAN_KEYS.contains(entry.getKey()))
            .filter(entry -> !entry.getValue().isScalar())
            .map(entry -> call(entry.getValue()));
    Stream<Call> endpoints =
        Endpoint.in(file.flowing())
            .filter(endpoint -> endpoint.scheme().equals("bean"))
            .map(
                endpoint ->
                    new Call(
                        endpoint.at(), endpoint.path(), endpoint.parameters().textAt("method")));
    Stream<Call> simple =
        file.flowing().walk().filter(Yaml::isScalar).flatMap(BeanChecks::simpleCalls);
    return Stream.of(keyed, endpoints, simple).flatMap(call -> call);
  }

  private static Call call(Yaml body) {
    String bean = body.find("ref").orElse(body.at("beanType")).text();
    return new Call(body, bean, body.textAt("method"));
  }

  private static Stream<Call> simpleCalls(Yaml text) {
    Matcher matcher = SIMPLE_BEAN.matcher(text.text());
    return matcher
        .results()
        .map(
            found -> {
              String[] parts = found.group(1).split("\\?method=|\\.|\\(", 3);
              return new Call(text, parts[0], parts.length > 1 ? parts[1] : "");
            });
  }
}
